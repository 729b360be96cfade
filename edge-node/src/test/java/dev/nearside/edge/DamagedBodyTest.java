package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.RangingOrigin.Thing;
import dev.nearside.edge.http.Sliced;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a viewer gets of an object whose bytes on disk have changed behind the node's back.
class DamagedBodyTest {

    /// Too large for memory in one piece.
    private static final Thing FILM = Thing.of(1, 3 * Sliced.SIZE);

    @TempDir
    Path folder;

    @AutoClose
    private final RangingOrigin origin = new RangingOrigin();

    @AutoClose
    private RunningEdge edge;

    @BeforeEach
    void start() throws IOException {
        edge = new RunningEdge(
                folder, RunningEdge.site(origin.port()), new HandMovedClock(), node -> node.caching(16, 64));
        edge.awaitReady();
        origin.on("/film", FILM);
    }

    @Test
    void whatIsDamagedAtItsBeginningIsBroughtAnew() throws Exception {
        edge.get("/film");
        await().until(() -> xCache(edge.get("/film")).startsWith("Hit"));

        damage(0);
        var answer = edge.get("/film");

        assertThat(answer.body()).isEqualTo(FILM.bytes(0, FILM.length() - 1));
        assertThat(xCache(answer)).startsWith("Miss");
        await().until(() -> xCache(edge.get("/film")).startsWith("Hit"));
    }

    @Test
    void aDamagedSliceIsBroughtAnewWhereverItLies() throws Exception {
        for (long first = 0; first < FILM.length(); first += Sliced.SIZE) {
            var range = "bytes=%d-%d".formatted(first, first + Sliced.SIZE - 1);
            await().until(() -> xCache(edge.get("/film", "Range", range)).startsWith("Hit"));
        }

        damage(Sliced.SIZE);
        var answer = edge.get("/film");

        assertThat(answer.body()).isEqualTo(FILM.bytes(0, FILM.length() - 1));
    }

    /// Changes a byte of the body, wherever its cell lies.
    private void damage(long offset) throws IOException {
        byte[] sought = FILM.bytes(offset, offset + 2_047);
        int found = 0;
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(path -> path.endsWith("cells.map")).toList()) {
                try (var cells = new RandomAccessFile(file.toFile(), "rw")) {
                    var some = new byte[1 << 20];
                    for (long at = 0; at < cells.length(); at += some.length) {
                        cells.seek(at);
                        int read = cells.read(some);
                        for (int place = 0; place + sought.length <= read; place++) {
                            if (some[place] != sought[0]
                                    || !Arrays.equals(some, place, place + sought.length, sought, 0, sought.length))
                                continue;
                            cells.seek(at + place + 100);
                            cells.write(some[place + 100] ^ 1);
                            found++;
                        }
                    }
                }
            }
        }
        assertThat(found).as("cells with these bytes").isEqualTo(1);
    }

    private static String xCache(HttpResponse<?> answer) {
        return answer.headers().firstValue("X-Cache").orElse("");
    }
}
