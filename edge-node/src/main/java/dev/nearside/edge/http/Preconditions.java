package dev.nearside.edge.http;

/// Conditions of a viewer that a cache may answer itself (RFC 9110, section 13; RFC 9111, section 4.3.2).
public final class Preconditions {

    private Preconditions() {}

    /// Whether the viewer already holds the representation that a 200 would carry, so that 304 is enough.
    /// `If-Match` and `If-Unmodified-Since` are the origin's to answer.
    public static boolean notModified(ViewerRequest request, Told told) {
        if (!request.isGetOrHead()) return false;
        var headers = request.headers();
        var noneMatch = headers.joined("If-None-Match");
        if (noneMatch.isPresent()) return matches(noneMatch.get(), told);
        var since = headers.first("If-Modified-Since");
        if (since.isEmpty()) return false;
        var held = HttpDate.parse(since.get().strip());
        var modified = told.lastModified().isPresent() ? told.lastModified() : told.date();
        return held.isPresent() && modified.isPresent() && !modified.get().isAfter(held.get());
    }

    private static boolean matches(String noneMatch, Told told) {
        if (noneMatch.strip().equals("*")) return true;
        if (told.etag().isEmpty()) return false;
        for (var tag : EntityTag.list(noneMatch))
            if (tag.weaklyEquals(told.etag().get())) return true;
        return false;
    }

    /// Whether the second that a `Last-Modified` names was over when the origin said it (RFC 9110, section 8.8.2.2).
    private static boolean isSettled(Told told) {
        return told.date().isEmpty()
                || told.lastModified().isEmpty()
                || told.date().get().isAfter(told.lastModified().get());
    }

    /// Whether `If-Range`, if sent, still names this representation (RFC 9110, section 13.1.5).
    public static boolean rangeStillFits(Headers request, Told told) {
        var condition = request.first("If-Range");
        if (condition.isEmpty()) return true;
        var text = condition.get().strip();
        if (text.startsWith("\"") || text.startsWith("W/")) {
            var tag = EntityTag.parse(text);
            return tag.isPresent()
                    && told.etag().isPresent()
                    && tag.get().stronglyEquals(told.etag().get());
        }
        var date = HttpDate.parse(text);
        return date.isPresent() && date.equals(told.lastModified()) && isSettled(told);
    }
}
