package dev.nearside.edge.decide;

import dev.nearside.edge.http.EntityTag;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.Headers.Field;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Told;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/// A stored head after the origin said 304 (RFC 9111, sections 3.2 and 4.3.4).
public final class Refreshed {

    /// What describes the stored bytes themselves stays as it was.
    private static final Set<String> OF_THE_BODY =
            Set.of("content-length", "content-encoding", "content-range", "content-md5", "content-digest");

    private Refreshed() {}

    /// Whether a 304 speaks of this response: its entity tag, if it has one, must be the stored one.
    public static boolean confirms(StoredResponse stored, Headers from304) {
        var tag = Told.by(from304).etag();
        return tag.isEmpty()
                || stored.told().etag().isEmpty()
                || tag.get().weaklyEquals(stored.told().etag().get());
    }

    /// Whether the answer to a HEAD describes what is stored: nothing that both of them say of the bytes differs, and
    /// there is something that both say (RFC 9111, section 4.3.5).
    public static boolean describes(StoredResponse stored, Headers head) {
        var now = Told.by(head);
        var then = stored.told();
        boolean otherTag = sayOther(then.etag(), now.etag(), EntityTag::weaklyEquals);
        boolean otherDate = sayOther(then.lastModified(), now.lastModified(), Object::equals);
        boolean otherLength =
                sayOther(stored.headers().first("Content-Length"), head.first("Content-Length"), Object::equals);
        if (otherTag || otherDate || otherLength) return false;
        boolean tagged = then.etag().isPresent() && now.etag().isPresent();
        return tagged || (then.lastModified().isPresent() && now.lastModified().isPresent());
    }

    private static <T> boolean sayOther(Optional<T> one, Optional<T> other, BiPredicate<T, T> same) {
        return one.isPresent() && other.isPresent() && !same.test(one.get(), other.get());
    }

    /// Each field of the 304 replaces the stored lines of its name; times and position are the 304's. No soft
    /// invalidation has reached it since. The tags stay: whoever knows the name of their field replaces them.
    public static StoredResponse merge(
            StoredResponse stored,
            Headers from304,
            TtlRules ttl,
            Instant requestedAt,
            Instant receivedAt,
            LogPosition position) {
        var told = Told.by(from304);
        var news = Storability.storedFields(from304, told, ttl, receivedAt).withoutAny(OF_THE_BODY);
        var replaced = new HashSet<String>();
        replaced.add("age"); // of the response before
        for (var field : news.fields()) replaced.add(field.name().toLowerCase(Locale.ROOT));
        var merged = new ArrayList<Field>(
                stored.headers().fields().size() + news.fields().size());
        merged.addAll(stored.headers().withoutAny(replaced).fields());
        merged.addAll(news.fields());
        return new StoredResponse(
                stored.status(),
                new Headers(merged),
                requestedAt,
                receivedAt,
                position,
                stored.tags(),
                Optional.empty());
    }
}
