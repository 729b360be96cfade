package dev.nearside.edge.http;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the head of a response tells a cache, read once.
///
/// @param age that other caches already counted; zero if none did
/// @param expires in the distant past if it is not a date (RFC 9111, section 5.3)
/// @param vary lower-case names of the request headers that selected this response, sorted, without `*`
/// @param varyAny whether `Vary` holds `*`, so that nobody can tell who may reuse it
public record Told(
        CacheControl cacheControl,
        Optional<Instant> date,
        Duration age,
        Optional<Instant> expires,
        Optional<EntityTag> etag,
        Optional<Instant> lastModified,
        Validators validators,
        List<String> vary,
        boolean varyAny) {

    public Told {
        vary = List.copyOf(vary);
    }

    public static Told by(Headers headers) {
        var names = new ArrayList<String>(1);
        for (var field : headers.fields()) {
            if (field.is("Vary")) {
                for (var name : field.value().split(",", -1)) {
                    var lower = name.strip().toLowerCase(Locale.ROOT);
                    if (!lower.isEmpty() && !names.contains(lower)) names.add(lower);
                }
            }
        }
        boolean any = names.remove("*");
        names.sort(null);
        return new Told(
                CacheControl.of(headers),
                headers.first("Date").flatMap(HttpDate::parse),
                headers.first("Age").map(Told::age).orElse(Duration.ZERO),
                expires(headers),
                headers.first("ETag").flatMap(EntityTag::parse),
                headers.first("Last-Modified").flatMap(HttpDate::parse),
                new Validators(
                        headers.first("ETag").filter(tag -> !tag.isBlank()),
                        headers.first("Last-Modified").filter(text -> !text.isBlank())),
                names,
                any);
    }

    /// Of several lines the earliest date counts, and what is not a date is long ago.
    private static Optional<Instant> expires(Headers headers) {
        Optional<Instant> earliest = Optional.empty();
        for (var field : headers.fields()) {
            if (field.is("Expires")) {
                var end = HttpDate.parse(field.value()).orElse(Instant.EPOCH);
                if (earliest.isEmpty() || end.isBefore(earliest.get())) earliest = Optional.of(end);
            }
        }
        return earliest;
    }

    /// An unreadable `Age` is ignored, a huge one is huge (RFC 9111, section 5.1).
    private static Duration age(String text) {
        long value = 0;
        int end = text.indexOf(',');
        var first = (end < 0 ? text : text.substring(0, end)).strip();
        for (int i = 0; i < first.length(); i++) {
            char c = first.charAt(i);
            if (c < '0' || c > '9') return Duration.ZERO;
            value = Math.min(CacheControl.LARGEST, value * 10 + (c - '0'));
        }
        return Duration.ofSeconds(value);
    }
}
