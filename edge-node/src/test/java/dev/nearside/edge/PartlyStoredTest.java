package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.RangingOrigin.Thing;
import dev.nearside.edge.http.Sliced;
import dev.nearside.model.wire.api.ExplainRequest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is said of a large object of which some slices are stored and others are not, through real sockets.
class PartlyStoredTest {

    private static final long SLICE = Sliced.SIZE;

    @TempDir
    Path folder;

    @AutoClose
    private final RangingOrigin origin = new RangingOrigin();

    @AutoClose
    private RunningEdge edge;

    @BeforeEach
    void start() throws IOException {
        edge = new RunningEdge(folder, RunningEdge.site(origin.port()));
        edge.awaitReady();
    }

    @Test
    void aWholeOfWhichTheFirstSliceIsStoredIsNoHit() throws Exception {
        var film = Thing.of(1, 4 * SLICE);
        origin.on("/film", film);
        edge.get("/film", "Range", "bytes=0-9");

        var partly = edge.get("/film");
        var whole = edge.get("/film");

        assertThat(partly.body()).isEqualTo(film.bytes(0, film.length() - 1));
        assertThat(said(partly)).isEqualTo("Miss: nearside; fwd=partial; ttl=60; detail=slice-missing");
        assertThat(said(whole)).isEqualTo("Hit: nearside; hit; ttl=60");
        assertThat(edge.management("/metrics"))
                .containsPattern("nearside_requests_total\\{[^}]*result=\"hit\"} 1\n")
                .containsPattern("nearside_requests_total\\{[^}]*result=\"miss\"} 2\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0-1048576           | Miss: nearside; fwd=partial; ttl=60; detail=slice-missing
            0-1048575           | Hit: nearside; hit; ttl=60
            1,2097152-2097153   | Hit: nearside; hit; ttl=60
            1,1048580-1048581   | Miss: nearside; fwd=partial; ttl=60; detail=slice-missing
            3145728-3145729     | Miss: nearside; fwd=partial; fwd-status=206; ttl=60; stored; detail=slice-missing
            """)
    void onlyTheSlicesCountThatTheAnswerNeeds(String range, String expected) throws Exception {
        origin.on("/film", Thing.of(2, 4 * SLICE));
        edge.get("/film", "Range", "bytes=0-9");
        edge.get("/film", "Range", "bytes=" + 2 * SLICE + "-" + (2 * SLICE + 9));

        var part = edge.get("/film", "Range", "bytes=" + range.replace("1,", "1-2,"));

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(said(part)).isEqualTo(expected);
    }

    @Test
    void explainSaysTheSame() throws Exception {
        origin.on("/film", Thing.of(3, 4 * SLICE));
        edge.get("/film", "Range", "bytes=0-9");
        var url = "http://" + edge.host() + "/film";

        var whole = edge.explain(new ExplainRequest(url, null, null, null, null));
        var part = edge.explain(new ExplainRequest(url, null, Map.of("Range", "bytes=5-9"), null, null));

        assertThat(whole.outcome()).isEqualTo("miss");
        assertThat(whole.why()).isEqualTo("slice-missing");
        assertThat(whole.sentence()).contains("Not all of what is asked for is stored");
        assertThat(part.outcome()).isEqualTo("hit");
    }

    @Test
    void whatIsStaleAndNotAllThereDoesNotStandIn() throws Exception {
        origin.on("/film", Thing.of(4, 4 * SLICE));
        // All of the slice has to be there before its origin goes.
        await().until(() -> said(edge.get("/film", "Range", "bytes=0-1048575")).equals("Hit: nearside; hit; ttl=60"));
        origin.close();
        edge.clock().pass(Duration.ofSeconds(61));

        assertThat(edge.get("/film").statusCode()).isEqualTo(502);
        assertThat(said(edge.get("/film", "Range", "bytes=0-9"))).startsWith("Hit: nearside; hit; ttl=-");
    }

    private static String said(HttpResponse<?> answer) {
        var headers = answer.headers();
        return headers.firstValue("X-Cache").orElse("").replace(" from nearside", "") + ": "
                + headers.firstValue("Cache-Status").orElse("");
    }
}
