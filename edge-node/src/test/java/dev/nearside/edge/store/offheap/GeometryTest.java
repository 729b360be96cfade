package dev.nearside.edge.store.offheap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Scanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeometryTest {

    @TempDir
    Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(longs = {4 << 20, 5_000_000, 16 << 20, 33_333_333, 150 << 20})
    void everyCellHasItsPlaceWithinTheBytes(long bytes) throws IOException {
        var geometry = Geometry.within(bytes);
        var folder = new ShardFolder(directory.resolve("shard"), geometry);
        var files = folder.create();
        try {
            var content = new byte[Geometry.CELL];
            for (int round = 0; round < 2; round++) {
                for (int cell = 0; cell < geometry.cells(); cell++)
                    files.cells().write(cell, content, content.length);
            }
            assertThat(files.cells().count()).isEqualTo(geometry.cells());
        } finally {
            files.close();
        }
        long size = ShardFolder.size(directory);
        assertThat(size + 2L * IndexFile.PER_OBJECT * geometry.cells()).isBetween(bytes * 95 / 100, bytes);
        assertThat(reserved(directory)).isGreaterThanOrEqualTo(size);
    }

    @Test
    void aFreshShardIsReservedInFull() throws IOException {
        var folder = new ShardFolder(directory.resolve("shard"), Geometry.within(64 << 20));
        folder.create().close();
        assertThat(reserved(directory)).isGreaterThanOrEqualTo(ShardFolder.size(directory));
    }

    private static long reserved(Path folder) throws IOException {
        var du = new ProcessBuilder("du", "--summarize", "--block-size=1", folder.toString()).start();
        try (var out = new Scanner(du.getInputStream(), StandardCharsets.UTF_8)) {
            return out.nextLong();
        }
    }

    @Test
    void aLargeShardHoldsLargeObjects() {
        var geometry = Geometry.within(4L << 30);
        assertThat(geometry.objectLimit()).isGreaterThan(900L << 20);
        assertThat(geometry.cells() % Geometry.SEGMENTS).isZero();
    }
}
