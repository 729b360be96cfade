package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.RangingOrigin.Thing;
import dev.nearside.edge.http.Sliced;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Parts of large objects, through real sockets: what a viewer gets, and what it costs the origin.
class SlicesScenarioTest {

    private static final long SLICE = Sliced.SIZE;
    private static final long GIGABYTE = 1L << 30;

    @TempDir
    Path folder;

    @AutoClose
    private final RangingOrigin origin = new RangingOrigin();

    @AutoClose
    private RunningEdge edge;

    @BeforeEach
    void start() throws IOException {
        edge = new RunningEdge(folder, RunningEdge.site(origin.port()));
        // While the disk is being opened a slice is stored nowhere, and brought again for whoever comes after it.
        edge.awaitReady();
    }

    @Test
    void oneByteOfAGigabyteCostsTheOriginOneSlice() throws Exception {
        var film = Thing.of(1, GIGABYTE);
        origin.on("/film", film);
        long offset = 700 * SLICE + 12_345;

        var first = edge.get("/film", "Range", "bytes=" + offset + "-" + offset);
        var second = edge.get("/film", "Range", "bytes=" + (offset + 1) + "-" + (offset + 4));

        assertThat(first.statusCode()).isEqualTo(206);
        assertThat(first.body()).isEqualTo(film.bytes(offset, offset));
        assertThat(header(first, "Content-Range")).contains("bytes " + offset + "-" + offset + "/" + GIGABYTE);
        assertThat(header(first, "X-Cache")).contains("Miss from nearside");
        assertThat(header(first, "Cache-Status").orElseThrow())
                .contains("fwd-status=206")
                .contains("stored");
        assertThat(second.body()).isEqualTo(film.bytes(offset + 1, offset + 4));
        assertThat(header(second, "X-Cache")).contains("Hit from nearside");
        await().untilAsserted(() -> assertThat(origin.sent()).isEqualTo(SLICE));
        assertThat(origin.trips("/film")).hasSize(1);
        assertThat(origin.trips("/film").getFirst().range()).contains("bytes=" + 700 * SLICE + "-" + (701 * SLICE - 1));
    }

    @Test
    void slicesAreCombinedIntoOneAnswer() throws Exception {
        var film = Thing.of(2, 5 * SLICE + 17);
        origin.on("/film", film);
        edge.get("/film", "Range", "bytes=" + 3 * SLICE + "-" + 3 * SLICE);

        var part = edge.get("/film", "Range", "bytes=" + (2 * SLICE - 5) + "-" + (4 * SLICE + 5));
        var whole = edge.get("/film");
        var again = edge.get("/film");

        assertThat(part.body()).isEqualTo(film.bytes(2 * SLICE - 5, 4 * SLICE + 5));
        assertThat(header(part, "Cache-Status").orElseThrow()).contains("fwd=partial");
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(film.bytes(0, film.length() - 1));
        assertThat(again.body()).isEqualTo(whole.body());
        assertThat(header(again, "X-Cache")).contains("Hit from nearside");
        assertThat(header(again, "Content-Length")).contains(Long.toString(film.length()));
        await().untilAsserted(() -> assertThat(origin.sent()).isEqualTo(film.length()));
        assertThat(origin.trips("/film")).hasSize(6);
        assertThat(origin.trips("/film").stream().skip(1))
                .allMatch(trip -> trip.ifRange().equals(Optional.of("\"v2\"")));
    }

    @Test
    void theEndOfAnObjectOfUnknownLengthIsFound() throws Exception {
        var film = Thing.of(3, 9 * SLICE + 100);
        origin.on("/film", film);

        var end = edge.get("/film", "Range", "bytes=-7");
        var beyond = edge.get("/film", "Range", "bytes=" + film.length() + "-");

        assertThat(end.body()).isEqualTo(film.bytes(film.length() - 7, film.length() - 1));
        await().untilAsserted(() -> assertThat(origin.sent()).isEqualTo(SLICE + 100));
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(header(beyond, "Content-Range")).contains("bytes */" + film.length());
    }

    @Test
    void aRangeBehindTheEndOfWhatNobodyKnowsIsTheOriginsToRefuse() throws Exception {
        origin.on("/film", Thing.of(3, 100));

        var beyond = edge.get("/film", "Range", "bytes=99000000-");

        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(header(beyond, "Content-Range")).contains("bytes */100");
        assertThat(edge.get("/film").body()).hasSize(100);
    }

    @Test
    void anObjectThatFitsInOneSliceIsStoredWhole() throws Exception {
        origin.on("/small", Thing.of(4, 1000));

        assertThat(edge.get("/small", "Range", "bytes=10-19").body())
                .isEqualTo(Thing.of(4, 1000).bytes(10, 19));
        assertThat(edge.get("/small").body()).isEqualTo(Thing.of(4, 1000).bytes(0, 999));
        assertThat(origin.trips("/small")).hasSize(1);
        await().untilAsserted(() -> assertThat(origin.sent()).isEqualTo(1000));
    }

    @Test
    void aHostileSetOfRangesGetsTheWholeAtTheViewersPace() throws Exception {
        origin.on("/film", Thing.of(5, GIGABYTE));
        var ranges = "bytes=0-,0-,0-,0-,0-,5-9";

        try (var viewer = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            viewer.setReceiveBufferSize(8 * 1024);
            viewer.getOutputStream()
                    .write(("GET /film HTTP/1.1\r\nHost: " + edge.host() + "\r\nRange: " + ranges + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var head = new String(viewer.getInputStream().readNBytes(500), StandardCharsets.ISO_8859_1);
            assertThat(head).startsWith("HTTP/1.1 200 ").containsIgnoringCase("content-length: " + GIGABYTE);
        }

        await().during(Duration.ofMillis(300)).until(() -> origin.sent() <= 12 * SLICE);
    }

    @Test
    void severalRangesComeInOneAnswer() throws Exception {
        var film = Thing.of(6, 4 * SLICE)
                .with(Map.of("ETag", "\"v6\"", "Cache-Control", "max-age=60", "Content-Type", "video/x"));
        origin.on("/film", film);

        var answer = edge.get("/film", "Range", "bytes=0-3," + (3 * SLICE - 2) + "-" + (3 * SLICE + 1) + ",-2");

        var type = header(answer, "Content-Type").orElseThrow();
        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(type).startsWith("multipart/byteranges; boundary=");
        assertThat(header(answer, "Content-Length")).contains(Integer.toString(answer.body().length));
        assertThat(header(answer, "Content-Range")).isEmpty();
        var boundary = type.substring(type.indexOf('=') + 1);
        var expected = "--" + boundary + "\r\nContent-Type: video/x\r\nContent-Range: bytes 0-3/" + film.length()
                + "\r\n\r\n" + latin(film.bytes(0, 3))
                + "\r\n--" + boundary + "\r\nContent-Type: video/x\r\nContent-Range: bytes " + (3 * SLICE - 2) + "-"
                + (3 * SLICE + 1) + "/" + film.length() + "\r\n\r\n"
                + latin(film.bytes(3 * SLICE - 2, 3 * SLICE + 1))
                + "\r\n--" + boundary + "\r\nContent-Type: video/x\r\nContent-Range: bytes " + (film.length() - 2)
                + "-" + (film.length() - 1) + "/" + film.length() + "\r\n\r\n"
                + latin(film.bytes(film.length() - 2, film.length() - 1))
                + "\r\n--" + boundary + "--\r\n";
        assertThat(latin(answer.body())).isEqualTo(expected);
        await().untilAsserted(() -> assertThat(origin.sent()).isEqualTo(3 * SLICE));
        var other = header(edge.get("/film", "Range", "bytes=0-0,2-2"), "Content-Type")
                .orElseThrow();
        assertThat(other).isNotEqualTo(type);
    }

    @Test
    void aNewVersionIsNeverMixedWithTheOldOne() throws Exception {
        var old = Thing.of(7, 4 * SLICE);
        var young = Thing.of(8, 4 * SLICE);
        origin.on("/film", old);
        edge.get("/film", "Range", "bytes=0-9");
        origin.on("/film", young);

        assertThatThrownBy(() -> edge.get("/film", "Range", "bytes=0-" + (2 * SLICE)))
                .isInstanceOf(IOException.class);
        var after = edge.get("/film", "Range", "bytes=0-" + (2 * SLICE));

        assertThat(after.body()).isEqualTo(young.bytes(0, 2 * SLICE));
    }

    @Test
    void aNewVersionIsNoticedBeforeTheFirstByte() throws Exception {
        var young = Thing.of(10, 3 * SLICE + 5);
        origin.on("/film", Thing.of(9, 4 * SLICE));
        edge.get("/film", "Range", "bytes=0-9");
        origin.on("/film", young);

        var answer = edge.get("/film", "Range", "bytes=" + 2 * SLICE + "-" + (2 * SLICE + 9));
        var suffix = edge.get("/film", "Range", "bytes=-5");

        assertThat(answer.body()).isEqualTo(young.bytes(2 * SLICE, 2 * SLICE + 9));
        assertThat(header(answer, "ETag")).contains("\"v10\"");
        assertThat(suffix.body()).isEqualTo(young.bytes(3 * SLICE, 3 * SLICE + 4));
    }

    @Test
    void whatIsStaleIsRevalidatedWithTheSliceThatIsNeeded() throws Exception {
        origin.on("/film", Thing.of(11, GIGABYTE));
        edge.get("/film", "Range", "bytes=5-9");
        edge.clock().pass(Duration.ofSeconds(61));

        var confirmed = edge.get("/film", "Range", "bytes=5-9");
        edge.clock().pass(Duration.ofSeconds(61));
        var young = Thing.of(12, GIGABYTE);
        origin.on("/film", young);
        var changed = edge.get("/film", "Range", "bytes=" + 3 * SLICE + "-" + 3 * SLICE);

        assertThat(header(confirmed, "X-Cache")).contains("RefreshHit from nearside");
        assertThat(changed.body()).isEqualTo(young.bytes(3 * SLICE, 3 * SLICE));
        var trips = origin.trips("/film");
        assertThat(trips).hasSize(3);
        assertThat(trips.get(2).ifNoneMatch()).contains("\"v11\"");
        assertThat(trips.get(2).range()).contains("bytes=" + 3 * SLICE + "-" + (4 * SLICE - 1));
        await().untilAsserted(() -> assertThat(origin.sent()).isEqualTo(2 * SLICE));
    }

    @Test
    void whatIsStaleInSlicesStandsInAsFarAsItIsThere() throws Exception {
        origin.on("/film", Thing.of(13, 8 * SLICE));
        edge.get("/film", "Range", "bytes=0-" + (SLICE - 1));
        await().untilAsserted(() -> assertThat(header(edge.get("/film", "Range", "bytes=0-" + (SLICE - 1)), "X-Cache"))
                .contains("Hit from nearside"));
        origin.close();
        edge.clock().pass(Duration.ofSeconds(61));

        var there = edge.get("/film", "Range", "bytes=6-7");
        var missing = edge.get("/film", "Range", "bytes=" + 5 * SLICE + "-");

        assertThat(there.statusCode()).isEqualTo(206);
        assertThat(there.body()).isEqualTo(Thing.of(13, 9).bytes(6, 7));
        assertThat(missing.statusCode()).isEqualTo(502);
    }

    @Test
    void anOriginThatDoesNotKnowRangesIsReadWhole() throws Exception {
        var thing = Thing.of(14, 3 * SLICE / 2).withoutRanges();
        origin.on("/plain", thing);

        assertThat(edge.get("/plain", "Range", "bytes=1000000-1000009").body())
                .isEqualTo(thing.bytes(1_000_000, 1_000_009));
        await().untilAsserted(
                        () -> assertThat(header(edge.get("/plain"), "X-Cache")).contains("Hit from nearside"));
        assertThat(origin.trips("/plain")).hasSize(1);
    }

    @Test
    void partsWithoutAStrongValidatorAreNotStored() throws Exception {
        var weak = Thing.of(15, 8 * SLICE).with(Map.of("ETag", "W/\"a\"", "Cache-Control", "max-age=60"));
        origin.on("/weak", weak);

        var near = edge.get("/weak", "Range", "bytes=2-5");
        var wide = edge.get("/weak", "Range", "bytes=1-" + 3 * SLICE);

        assertThat(near.statusCode()).isEqualTo(206);
        assertThat(near.body()).isEqualTo(weak.bytes(2, 5));
        assertThat(header(near, "Content-Range")).contains("bytes 2-5/" + weak.length());
        assertThat(wide.body()).isEqualTo(weak.bytes(1, 3 * SLICE));
        assertThat(origin.trips("/weak").getLast().range()).contains("bytes=1-" + 3 * SLICE);
        assertThat(edge.get("/weak").body()).isEqualTo(weak.bytes(0, weak.length() - 1));
    }

    @Test
    void aDateWillDoWhereThereIsNoTag() throws Exception {
        var dated = Thing.of(16, 4 * SLICE)
                .with(Map.of(
                        "Last-Modified", "Sat, 31 Jan 2026 10:00:00 GMT",
                        "Date", "Sat, 31 Jan 2026 12:00:00 GMT",
                        "Cache-Control", "max-age=60"));
        origin.on("/dated", dated);

        assertThat(edge.get("/dated", "Range", "bytes=0-" + 2 * SLICE).body()).isEqualTo(dated.bytes(0, 2 * SLICE));
        assertThat(origin.trips("/dated")).hasSize(3);
        assertThat(origin.trips("/dated").getLast().ifRange()).contains("Sat, 31 Jan 2026 10:00:00 GMT");
    }

    @Test
    void anIfRangeOfAnotherVersionGetsTheWhole() throws Exception {
        origin.on("/film", Thing.of(17, 2 * SLICE));

        var other = edge.get("/film", "Range", "bytes=0-4", "If-Range", "\"x\"");
        var same = edge.get("/film", "Range", "bytes=0-4", "If-Range", "\"v17\"");

        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(other.body()).isEqualTo(Thing.of(17, 2 * SLICE).bytes(0, 2 * SLICE - 1));
        assertThat(same.statusCode()).isEqualTo(206);
    }

    @Test
    void slicesSurviveARestart() throws Exception {
        var film = Thing.of(18, 40 * SLICE);
        origin.on("/kept/film", film);
        // While the disk is being opened a slice is stored nowhere, and brought again for whoever comes after it.
        edge.awaitReady();
        edge.get("/kept/film", "Range", "bytes=" + 20 * SLICE + "-" + 20 * SLICE);

        await().untilAsserted(() -> assertThat(
                        edge.get("/kept/film", "Range", "bytes=" + (21 * SLICE - 1) + "-" + (21 * SLICE - 1))
                                .body())
                .hasSize(1));
        edge.restart();
        // While the disk is being opened a slice is stored nowhere, and brought again for whoever comes after it.
        edge.awaitReady();

        var part = edge.get("/kept/film", "Range", "bytes=" + (20 * SLICE + 7) + "-" + (20 * SLICE + 8));
        assertThat(header(part, "Cache-Status")).contains("nearside; hit; ttl=60");
        assertThat(part.body()).isEqualTo(film.bytes(20 * SLICE + 7, 20 * SLICE + 8));
        assertThat(origin.trips("/kept/film")).hasSize(1);
    }

    @Test
    void twoHundredViewersOfOneByteMakeOneTrip() throws Exception {
        origin.on("/film", Thing.of(19, GIGABYTE));

        var answers = IntStream.range(0, 200)
                .mapToObj(_ -> edge.getAsync("/film", "Range", "bytes=" + 50 * SLICE + "-" + 50 * SLICE))
                .toList();

        for (var answer : answers)
            assertThat(answer.join().body()).isEqualTo(Thing.of(19, 1).bytes(50 * SLICE, 50 * SLICE));
        assertThat(origin.trips("/film")).hasSize(1);
        await().untilAsserted(() -> assertThat(origin.sent()).isEqualTo(SLICE));
    }

    @Test
    void aFarPartDoesNotWaitForTheWholeThatIsUnderWay() throws Exception {
        origin.on("/film", Thing.of(20, GIGABYTE));
        try (var slow = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            slow.getOutputStream()
                    .write(("GET /film HTTP/1.1\r\nHost: " + edge.host() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(slow.getInputStream().read()).isEqualTo('H');

            var part = edge.get("/film", "Range", "bytes=" + 900 * SLICE + "-" + 900 * SLICE);

            assertThat(part.body()).isEqualTo(Thing.of(20, 1).bytes(900 * SLICE, 900 * SLICE));
            assertThat(origin.trips("/film").getLast().range())
                    .contains("bytes=" + 900 * SLICE + "-" + (901 * SLICE - 1));
        }
    }

    @Test
    void aViewerWhoGoesAwayStopsTheTripButNotTheLastBytes() throws Exception {
        origin.on("/film", Thing.of(21, GIGABYTE));
        try (var viewer = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            viewer.getOutputStream()
                    .write(("GET /film HTTP/1.1\r\nHost: " + edge.host() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            viewer.getInputStream().readNBytes(10_000);
        }

        await().pollInterval(Duration.ofMillis(200)).until(() -> {
            long before = origin.sent();
            await().pollDelay(Duration.ofMillis(150)).until(() -> true);
            return origin.sent() == before;
        });
        assertThat(origin.sent()).isLessThan(GIGABYTE);
    }

    @Test
    void aHeadOfWhatIsStoredInSlicesCostsNothing() throws Exception {
        origin.on("/film", Thing.of(22, 6 * SLICE));
        edge.get("/film", "Range", "bytes=0-0");

        var head = edge.send("HEAD", "/film");
        var notModified = edge.get("/film", "If-None-Match", "\"v22\"", "Range", "bytes=" + 5 * SLICE + "-");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Content-Length")).contains(Long.toString(6 * SLICE));
        assertThat(notModified.statusCode()).isEqualTo(304);
        assertThat(origin.trips("/film")).hasSize(1);
    }

    private static Optional<String> header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name);
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
