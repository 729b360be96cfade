package dev.nearside.edge.respond;

/// How much a viewer likes to read one media type (RFC 9110, section 12.5.1).
///
/// @param thousandths of the weight; zero if the viewer does not take it
/// @param exactness 3 if the type was named, 2 if its kind was, 1 for anything at all, 0 if nothing said fits
record Liking(int thousandths, int exactness) {

    private static final Liking NONE = new Liking(0, 0);

    /// What the most exact part of an `Accept` says of a type.
    static Liking of(String accept, String type) {
        var found = NONE;
        for (var part : accept.split(",", -1)) {
            var words = part.split(";", -1);
            int exactness = exactness(words[0].strip(), type);
            if (exactness > found.exactness) found = new Liking(weight(words), exactness);
        }
        return found;
    }

    private static int exactness(String range, String type) {
        if (range.equalsIgnoreCase(type)) return 3;
        int slash = type.indexOf('/') + 1;
        boolean kind =
                range.length() == slash + 1 && range.endsWith("*") && range.regionMatches(true, 0, type, 0, slash);
        if (kind) return 2;
        return range.equals("*/*") ? 1 : 0;
    }

    /// One if nothing is said, or nothing that can be read.
    private static int weight(String[] words) {
        for (int i = 1; i < words.length; i++) {
            var word = words[i].strip();
            if (!word.regionMatches(true, 0, "q=", 0, 2)) continue;
            return thousandths(word.substring(2).strip());
        }
        return 1000;
    }

    private static int thousandths(String weight) {
        boolean readable = !weight.isEmpty() && weight.length() <= 5 && "01".indexOf(weight.charAt(0)) >= 0;
        if (!readable || (weight.length() > 1 && weight.charAt(1) != '.')) return 1000;
        int value = weight.charAt(0) - '0';
        for (int i = 2; i < 5; i++) {
            char digit = i < weight.length() ? weight.charAt(i) : '0';
            if (digit < '0' || digit > '9') return 1000;
            value = 10 * value + (digit - '0');
        }
        return Math.min(value, 1000);
    }

    Liking orAtLeast(Liking other) {
        return other.isMoreThan(this) ? other : this;
    }

    /// Of two that weigh the same, the one that was named more exactly: a program that takes JSON, and all else, wants
    /// JSON.
    boolean isMoreThan(Liking other) {
        return thousandths != other.thousandths
                ? thousandths > other.thousandths
                : thousandths > 0 && exactness > other.exactness;
    }
}
