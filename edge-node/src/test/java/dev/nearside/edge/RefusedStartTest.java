package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearside.edge.accept.Certificates.Pair;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An edge that cannot start says why in an operator's words, and leaves a clean cache behind.
class RefusedStartTest {

    @TempDir
    Path folder;

    @BeforeEach
    void configure() throws IOException {
        Files.writeString(folder.resolve("nearside.json"), RunningEdge.site(18_060));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # document                      | problem
            {                               | `  not JSON, at line 1, column 2: the end of the document (expected: string or })`
            {"distributions": [{"name":,}]} | `  not JSON, at line 1, column 28: a comma (expected: { or [ or string or number or true or false or null)`
            {"distribution": []}            | `  distribution: unknown property`
            """)
    void aConfigurationWithProblems(String document, String problem) throws IOException {
        Files.writeString(folder.resolve("nearside.json"), document);

        assertThatThrownBy(() -> start(node -> node))
                .hasMessageStartingWith("--config: " + folder.resolve("nearside.json") + " is refused:\n" + problem);
        assertThat(folder.resolve("data").resolve("cache")).doesNotExist();
    }

    @Test
    void filesThatAreNotThere() throws IOException {
        var gone = folder.resolve("gone");
        var pair = PemFiles.write(folder, "a", 10, "a.example");

        refused(
                "--origin-ca: " + gone + " does not exist (expected: a file of PEM certificates)",
                node -> node.believing(gone));
        refused(
                "--geoip: " + gone + " does not exist (expected: a City or Country database in MaxMind's format)",
                node -> node.knowing(gone));
        refused(
                "--certificate: " + gone + " does not exist (expected: a PEM file)",
                node -> node.secure(List.of(new Pair(pair.certificate(), gone)), Duration.ofSeconds(1)));
        refused(
                "--enrolment-token-file: " + folder.resolve("token")
                        + " does not exist (expected: a file with the token, for the first start)",
                node -> node.following(URI.create("http://127.0.0.1:1")));
        Files.delete(folder.resolve("nearside.json"));
        refused(
                "--config: " + folder.resolve("nearside.json") + " does not exist (expected: a configuration document)",
                node -> node);
    }

    @Test
    void anotherNameThanTheOneItIsEnrolledUnder() throws IOException {
        var data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(
                data.resolve("identity.json"), "{\"edgeId\": \"1\", \"name\": \"edge-9\", \"credential\": \"secret\"}");

        refused(
                "--name: edge-1 (expected: edge-9, the name that this edge is enrolled under)",
                node -> node.following(URI.create("http://127.0.0.1:1")));
    }

    @Test
    void filesOfAnotherKind() throws IOException {
        var document = folder.resolve("nearside.json");
        var one = PemFiles.write(folder, "a", 10, "a.example");
        var other = PemFiles.write(folder, "b", 10, "b.example");

        refused(
                "--geoip: " + document
                        + " is no such database (expected: a City or Country database in MaxMind's format)",
                node -> node.knowing(document));
        refused(
                "--certificate: " + one.certificate() + ":" + other.key()
                        + ": the key is not the certificate's (expected: a PEM certificate and its PEM key)",
                node -> node.secure(List.of(new Pair(one.certificate(), other.key())), Duration.ofSeconds(1)));
        refused(
                "--certificate: " + document + ":" + one.key()
                        + ": Missing -----BEGIN CERTIFICATE----- delimiter (expected: a PEM certificate and its PEM key)",
                node -> node.secure(List.of(new Pair(document, one.key())), Duration.ofSeconds(1)));
    }

    /// Nothing is reserved on the disk for an edge that nobody could ask.
    @Test
    void aPortThatIsTaken() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            refused(
                    "--listen: 127.0.0.1:" + port
                            + " (expected: an address of this machine with a free port): Address already in use",
                    node -> node.at("127.0.0.1", port));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --cache-disk 1MB         | --cache-disk: 1MB (expected: at least 8 MB)
            --cache-memory 1KB       | --cache-memory: 1KB (expected: at least 4 MB)
            --cache-disk 99TB        | --cache-disk: 99TB (expected: at most 24 TB)
            --cache-disk 1.5GB       | --cache-disk: 1.5GB (expected: a size like 512MB or 20GB; units are B, KB, MB, GB and TB, of 1024 each)
            --cache-goal both        | --cache-goal: both (expected: requests or bytes)
            --listen 127.0.0.1:99999 | --listen: 127.0.0.1:99999 (expected: HOST:PORT, with a port up to 65535)
            --nonsense 1             | --nonsense: no such option
            --cache-dsk 2G           | --cache-dsk: no such option (near it: --cache-memory, --cache-disk, --cache-goal)
            """)
    void anOptionThatCannotBe(String option, String message) {
        var err = new StringWriter();
        var words = option.split(" ", 2);

        int exit = EdgeMain.commandLine(new EdgeMain())
                .setErr(new PrintWriter(err))
                .execute("--config", "nearside.json", "--data", folder.toString(), words[0], words[1]);

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).isEqualTo(message + "\nAll options: nearside edge --help\n");
    }

    @Test
    void aNodeThatRunsAloneHasTheNameThatItWasGiven() {
        assertThat(named()).isEqualTo("edge");
        assertThat(named("--name", "edge-7")).isEqualTo("edge-7");
    }

    private static String named(String... more) {
        var edge = new EdgeMain();
        var words = Stream.concat(Stream.of("--config", "nearside.json", "--data", "data"), Stream.of(more));
        EdgeMain.commandLine(edge).parseArgs(words.toArray(String[]::new));
        return edge.settings().nodeName();
    }

    private void refused(String message, UnaryOperator<SmallNode> changed) {
        assertThatThrownBy(() -> start(changed)).hasMessage(message);
        assertThat(folder.resolve("data").resolve("cache")).doesNotExist();
    }

    private void start(UnaryOperator<SmallNode> changed) throws IOException {
        changed.apply(SmallNode.in(folder)).start().close();
    }
}
