package dev.nearside.edge.http;

import java.util.Optional;

/// By what two parts can be known to be of the same bytes (RFC 9110, section 8.8.1), in the origin's own words.
///
/// @param text as it goes into `If-Range`
public record StrongValidator(String text) {

    /// The entity tag, if there is one and it is strong; without any, a `Last-Modified` of a second that was over
    /// by the origin's own `Date`: a second change within it would go unnoticed (RFC 9110, section 8.8.2.2).
    public static Optional<StrongValidator> of(Told told) {
        var tag = told.validators().etag().map(String::strip);
        if (tag.isPresent()) return tag.filter(StrongValidator::isQuoted).map(StrongValidator::new);
        if (told.lastModified().isEmpty() || told.date().isEmpty()) return Optional.empty();
        return told.date().get().isAfter(told.lastModified().get())
                ? told.validators().lastModified().map(StrongValidator::new)
                : Optional.empty();
    }

    /// Whether an answer to a request with this as its `If-Range` speaks of the same bytes. It must repeat an entity
    /// tag, but need not repeat a date (RFC 9110, section 15.3.7).
    public boolean fits(Told told) {
        return isQuoted(text)
                ? told.validators().etag().map(String::strip).equals(Optional.of(text))
                : told.validators().etag().isEmpty()
                        && told.validators().lastModified().map(text::equals).orElse(true);
    }

    private static boolean isQuoted(String tag) {
        return tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"");
    }
}
