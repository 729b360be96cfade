package dev.nearside.load.compare;

/// The part of a Markdown page that is measured and not written by hand: between two comments.
final class MarkedBlock {

    private static final String BEGIN = "<!-- comparison: written by ./nearside compare --publish -->\n";
    private static final String END = "<!-- end of comparison -->";

    private MarkedBlock() {}

    /// The page with another text between its two comments.
    ///
    /// @throws IllegalArgumentException if it has not got them
    static String replace(String page, String text) {
        var begin = page.indexOf(BEGIN);
        var end = page.indexOf(END, Math.max(begin, 0));
        if (begin < 0 || end < 0) {
            throw new IllegalArgumentException("the page has no \"%s\" … \"%s\"".formatted(BEGIN.strip(), END));
        }
        return page.substring(0, begin + BEGIN.length()) + '\n' + text.strip() + "\n\n" + page.substring(end);
    }
}
