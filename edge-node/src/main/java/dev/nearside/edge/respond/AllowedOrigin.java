package dev.nearside.edge.respond;

/// Whether a pattern of a response headers policy allows a web origin (CF§6.1).
///
/// `*` may stand for the leftmost labels and for any part of the port. A pattern without a scheme is for both; one
/// without a port is for origins without one.
final class AllowedOrigin {

    private AllowedOrigin() {}

    static boolean matches(String pattern, String origin) {
        if (pattern.equals("*")) return true;
        int scheme = origin.indexOf("://");
        if (scheme < 0) return false;
        int patternScheme = pattern.indexOf("://");
        if (patternScheme >= 0 && !pattern.substring(0, patternScheme).equals(origin.substring(0, scheme))) {
            return false;
        }
        var allowed = patternScheme < 0 ? pattern : pattern.substring(patternScheme + 3);
        var asked = origin.substring(scheme + 3);
        int allowedPort = portColon(allowed);
        int askedPort = portColon(asked);
        return host(allowed.substring(0, allowedPort), asked.substring(0, askedPort))
                && port(allowed.substring(allowedPort), asked.substring(askedPort));
    }

    private static boolean host(String allowed, String asked) {
        return allowed.startsWith("*.")
                ? asked.regionMatches(true, asked.length() - allowed.length() + 1, allowed, 1, allowed.length() - 1)
                : allowed.equalsIgnoreCase(asked);
    }

    /// Both with their colon, or empty.
    private static boolean port(String allowed, String asked) {
        if (allowed.equals(":*")) return true;
        int star = allowed.indexOf('*');
        if (star < 0) return allowed.equals(asked);
        return asked.length() >= allowed.length() - 1
                && asked.startsWith(allowed.substring(0, star))
                && asked.endsWith(allowed.substring(star + 1));
    }

    /// Where the port begins, or the end; the colons of an IPv6 literal lie inside its brackets.
    private static int portColon(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon < 0 || colon < authority.lastIndexOf(']') ? authority.length() : colon;
    }
}
