package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.accept.Certificates.Pair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a start would refuse is found without one, all of it at once; and nothing is left behind.
class DryRunTest {

    @TempDir
    Path folder;

    @BeforeEach
    void configure() throws IOException {
        Files.writeString(folder.resolve("nearside.json"), RunningEdge.site(18_060));
    }

    private SmallNode node() {
        return SmallNode.in(folder);
    }

    @Test
    void optionsThatAreFine() throws IOException {
        var before = files();

        var run = DryRun.of(node().settings());

        assertThat(run.problems()).isEmpty();
        assertThat(run.lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo("Configuration: 1 distribution in " + folder.resolve("nearside.json")),
                        line -> assertThat(line).startsWith("Cache in memory: 56 MB"),
                        line -> assertThat(line).startsWith("Cache on disk: 256 MB in 2 shards, all of it reserved;"));
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void everythingThatAStartWouldRefuse() throws IOException {
        Files.writeString(folder.resolve("nearside.json"), "{\"distribution\": [], \"x\": 1}");
        var gone = folder.resolve("gone");
        var pair = PemFiles.write(folder, "a", 10, "a.example");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var settings = node().at("127.0.0.1", taken.getLocalPort())
                    .believing(gone)
                    .knowing(gone)
                    .secure(List.of(new Pair(pair.certificate(), gone)), Duration.ofSeconds(1))
                    .caching(64, 20 << 20)
                    .settings();
            var before = files();

            var run = DryRun.of(settings);

            assertThat(run.problems())
                    .satisfiesExactly(
                            problem -> assertThat(problem)
                                    .startsWith("--config: " + folder.resolve("nearside.json") + " is refused:")
                                    .contains("\n  distribution: unknown property")
                                    .contains("\n  x: unknown property"),
                            problem -> assertThat(problem)
                                    .startsWith("--listen: 127.0.0.1:" + taken.getLocalPort())
                                    .endsWith("Address already in use"),
                            problem -> assertThat(problem).startsWith("--origin-ca: " + gone + " does not exist"),
                            problem -> assertThat(problem).startsWith("--geoip: " + gone + " does not exist"),
                            problem -> assertThat(problem).startsWith("--certificate: " + gone + " does not exist"),
                            problem -> assertThat(problem)
                                    .startsWith("cache on disk: 20971520 MB (expected: at most ")
                                    .endsWith(" has left)"));
            assertThat(files()).isEqualTo(before);
        }
    }

    @Test
    void aFollowerWithoutItsToken() {
        assertThat(DryRun.of(node().following(URI.create("http://127.0.0.1:1")).settings())
                        .problems())
                .containsExactly("--enrolment-token-file: " + folder.resolve("token")
                        + " does not exist (expected: a file with the token, for the first start)");
    }

    /// Who tries options for an edge that runs wants to know of them, not that it runs.
    @Test
    void aDirectoryInUse() throws IOException {
        try (var edge = node().start()) {
            var run = DryRun.of(node().at("127.0.0.1", edge.port()).settings());

            assertThat(run.problems()).isEmpty();
            assertThat(run.warnings())
                    .contains("--data: " + folder.resolve("data")
                            + " is in use by another process, which has to stop first; ports were not looked at");
        }
    }

    /// The dry run says what the start then does.
    @Test
    void whatAnotherSizeCosts() throws IOException {
        node().caching(64, 64).start().close();

        assertThat(onDisk(node().caching(64, 32)))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("Cache on disk: 32 MB in 1 shard, all of it reserved;"),
                        line -> assertThat(line)
                                .matches("Cache on disk, of another size before: 1 shard kept, 1 shard dropped with its"
                                        + " objects \\(3\\d MB\\): shard-01"));
        assertThat(shards()).isEqualTo(2);
        node().caching(64, 32).start().close();
        assertThat(shards()).isEqualTo(1);

        assertThat(onDisk(node().caching(64, 100)))
                .containsExactly(
                        "Cache on disk: 100 MB in 2 shards of 32 MB to 68 MB, all of it reserved; 24,992 cells of 4096"
                                + " bytes; objects of up to 7984 KB to 16 MB, as the shard is",
                        "Cache on disk, of another size before: 1 shard kept, 1 new");
    }

    private static List<String> onDisk(SmallNode node) {
        return DryRun.of(node.settings()).lines().stream()
                .filter(line -> line.startsWith("Cache on disk"))
                .toList();
    }

    private long shards() throws IOException {
        try (var shards = Files.list(folder.resolve("data/cache"))) {
            return shards.filter(path -> path.getFileName().toString().startsWith("shard-"))
                    .count();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted().toList();
        }
    }
}
