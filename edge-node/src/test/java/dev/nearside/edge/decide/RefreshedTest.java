package dev.nearside.edge.decide;

import static dev.nearside.edge.decide.Heads.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import org.junit.jupiter.api.Test;

class RefreshedTest {

    @Test
    void aConfirmedHeadTakesOverWhatTheOriginSaysNow() {
        var stored = new StoredResponse(
                200,
                Headers.of(
                        "A", "1", "A", "2", "B", "1", "Age", "9", "Content-Length", "5", "Cache-Control", "max-age=1"),
                NOON,
                NOON,
                LogPosition.NONE);
        var later = NOON.plusSeconds(60);
        var from304 = Headers.of(
                "a",
                "3",
                "Cache-Control",
                "max-age=9",
                "Content-Length",
                "0",
                "Set-Cookie",
                "x=1",
                "Connection",
                "C",
                "C",
                "1");
        var position = new LogPosition("e", 7);

        var merged = Refreshed.merge(stored, from304, Heads.ttl("0/60/3600"), later, later.plusMillis(5), position);

        assertThat(merged)
                .isEqualTo(new StoredResponse(
                        200,
                        Headers.of(
                                "B",
                                "1",
                                "Content-Length",
                                "5",
                                "a",
                                "3",
                                "Cache-Control",
                                "max-age=9",
                                "Date",
                                "Thu, 01 Jan 2026 12:01:00 GMT"),
                        later,
                        later.plusMillis(5),
                        position));
    }

    @Test
    void whatDescribesTheStoredBytesSurvives() {
        var stored = Heads.stored(
                "etag: \"a\"; Content-MD5: x; Content-Digest: y; Content-Encoding: gzip; Content-Type: a/b");
        var from304 = Headers.of(
                "ETag",
                "W/\"a\"",
                "Content-MD5",
                "1",
                "Content-Digest",
                "2",
                "Content-Encoding",
                "br",
                "Content-Type",
                "c/d");

        var merged = Refreshed.merge(stored, from304, Heads.ttl("0/60/3600"), NOON, NOON, LogPosition.NONE)
                .headers();

        assertThat(merged.first("Content-MD5")).contains("x");
        assertThat(merged.first("Content-Digest")).contains("y");
        assertThat(merged.first("Content-Encoding")).contains("gzip");
        assertThat(merged.first("Content-Type")).contains("c/d");
    }

    @Test
    void anotherTagConfirmsNothing() {
        var stored = Heads.stored("etag: \"a\"");

        assertThat(Refreshed.confirms(stored, Headers.of("ETag", "W/\"a\""))).isTrue();
        assertThat(Refreshed.confirms(stored, Headers.EMPTY)).isTrue();
        assertThat(Refreshed.confirms(stored, Headers.of("ETag", "\"b\""))).isFalse();
    }
}
