package dev.nearside.load.report;

/// The part of a Markdown page that is measured and not written by hand: between two comments.
///
/// @param subject what the comments call it, as in `<!-- comparison: … -->`
/// @param command of the launcher that writes it
public record MarkedBlock(String subject, String command) {

    /// The page with another text between its two comments.
    ///
    /// @throws IllegalArgumentException if it has not got them
    public String replace(String page, String text) {
        var first = "<!-- %s: written by ./nearside %s --publish -->\n".formatted(subject, command);
        var last = "<!-- end of %s -->".formatted(subject);
        var begin = page.indexOf(first);
        var end = page.indexOf(last, Math.max(begin, 0));
        if (begin < 0 || end < 0) {
            throw new IllegalArgumentException("the page has no \"%s\" … \"%s\"".formatted(first.strip(), last));
        }
        return page.substring(0, begin + first.length()) + '\n' + text.strip() + "\n\n" + page.substring(end);
    }
}
