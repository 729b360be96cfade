package dev.nearside.deploy.site;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What tells one version of a representation from the next.
record Validators(String etag, Instant lastModified) {

    /// The one date form that HTTP still sends (RFC 9110, section 5.6.7).
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /// Whether a viewer already holds this version; `If-None-Match` outranks the date (RFC 9110, section 13.2.2).
    boolean areHeld(Optional<String> ifNoneMatch, Optional<String> ifModifiedSince) {
        if (ifNoneMatch.isPresent()) {
            var tags = ifNoneMatch.get();
            return "*".equals(tags.strip())
                    || Arrays.stream(tags.split(",", -1))
                            .anyMatch(tag -> opaque(tag.strip()).equals(opaque(etag)));
        }
        return ifModifiedSince
                .flatMap(Validators::read)
                .map(since -> !lastModified.isAfter(since))
                .orElse(false);
    }

    /// Whether a range may be cut from this version: `If-Range` compares strongly.
    boolean allowRange(Optional<String> ifRange) {
        return ifRange.map(said -> said.startsWith("\"")
                        ? said.equals(etag)
                        : read(said).map(lastModified::equals).orElse(false))
                .orElse(true);
    }

    String lastModifiedField() {
        return DATE.format(lastModified);
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    private static Optional<Instant> read(String date) {
        try {
            return Optional.of(DATE.parse(date, Instant::from));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
