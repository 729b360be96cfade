package dev.nearside.edge.respond;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Told;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// What is about to be told to one viewer, as the origin said it and as we came by it.
///
/// @param told what the headers tell a cache
/// @param age of a stored response; empty for one that came from the origin for this viewer
/// @param length of the body, if it is known and any part of it can be sent
/// @param way how the request was answered
/// @param once whether the body passes by once, so that at most one part of it can be sent
/// @param mine whether this viewer's own request brought the response, so that its cookies are this viewer's
public record Answer(
        int status,
        Headers headers,
        Told told,
        Optional<Duration> age,
        OptionalLong length,
        ResultClass way,
        CacheStatus cacheStatus,
        boolean once,
        boolean mine) {

    /// From the cache, or from another viewer's trip.
    public static Answer stored(
            StoredResponse stored, Duration age, OptionalLong length, ResultClass way, CacheStatus cacheStatus) {
        return new Answer(
                stored.status(),
                stored.headers(),
                stored.told(),
                Optional.of(age),
                length,
                way,
                cacheStatus,
                false,
                false);
    }

    /// From the origin, for this viewer.
    public static Answer fetched(
            int status, Headers headers, OptionalLong length, ResultClass way, CacheStatus cacheStatus) {
        return new Answer(status, headers, Told.by(headers), Optional.empty(), length, way, cacheStatus, false, true);
    }

    /// The same, of a body that nobody keeps.
    Answer passingBy() {
        return new Answer(status, headers, told, age, length, way, cacheStatus, true, mine);
    }
}
