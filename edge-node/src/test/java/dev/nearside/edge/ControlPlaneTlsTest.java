package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.accept.Certificates.Pair;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// Whom an edge takes for its control plane, over real TLS sockets.
class ControlPlaneTlsTest {

    @TempDir
    Path folder;

    private Pair server;

    @BeforeEach
    void makeCertificate() throws IOException {
        Files.writeString(folder.resolve("token"), "one-time\n");
        server = PemFiles.write(folder, "server", 30, "localhost");
    }

    private static HttpServerOptions secured(Pair pair) {
        return new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(pair.certificate().toString())
                        .addKeyPath(pair.key().toString()));
    }

    private Edge follow(ScriptedControlPlane control, Optional<Path> authorities, Optional<Pair> own)
            throws IOException {
        return SmallNode.in(folder)
                .following(new EdgeSettings.Source.Following(
                        List.of(control.address()),
                        "edge-1",
                        Optional.of(folder.resolve("token")),
                        Map.of(),
                        new EdgeSettings.Credentials(authorities, own)))
                .start();
    }

    private static void awaitFollowing(ScriptedControlPlane control) {
        await().until(() -> !control.places().isEmpty());
    }

    /// It has been tried several times by then.
    private static void staysOut(ScriptedControlPlane control) {
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(5))
                .until(() -> control.enrolments().isEmpty());
    }

    @Test
    void theOneThatItsAuthorityVouchesForIsFollowed() throws Exception {
        try (var control = new ScriptedControlPlane(secured(server));
                var _ = follow(control, Optional.of(server.certificate()), Optional.empty())) {
            awaitFollowing(control);
        }
    }

    @Test
    void oneThatNobodyVouchesForIsNotToldTheToken() throws Exception {
        var other = PemFiles.write(folder, "other", 30, "localhost");
        try (var control = new ScriptedControlPlane(secured(server));
                var _ = follow(control, Optional.of(other.certificate()), Optional.empty())) {
            staysOut(control);
        }
    }

    @Test
    void oneOfAnotherNameIsNotToldTheToken() throws Exception {
        server = PemFiles.write(folder, "server", 30, "control.test");
        try (var control = new ScriptedControlPlane(secured(server));
                var _ = follow(control, Optional.of(server.certificate()), Optional.empty())) {
            staysOut(control);
        }
    }

    @Test
    void anEdgeShowsItsOwnCertificateWhereItIsAskedFor() throws Exception {
        var own = PemFiles.write(folder, "own", 30, "edge.test");
        var options = secured(server)
                .setClientAuth(ClientAuth.REQUIRED)
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(own.certificate().toString()));
        try (var control = new ScriptedControlPlane(options);
                var _ = follow(control, Optional.of(server.certificate()), Optional.of(own))) {
            awaitFollowing(control);
        }
    }

    @Test
    void aFileThatHoldsNoPemIsNamedAtTheStart() throws Exception {
        var empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
        try (var control = new ScriptedControlPlane()) {
            assertThatThrownBy(() -> follow(control, Optional.of(empty), Optional.empty()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("--control-plane-ca: " + empty);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://127.0.0.1:8070         |                    | true
            http://localhost:8070         |                    | true
            http://[::1]:8070             |                    | true
            https://control.test          |                    | true
            http://control.test:8070      |                    | false
            http://10.0.0.1:8070          |                    | false
            http://127.0.0.1.evil.test    |                    | false
            http://10.0.0.1:8070          | --allow-plain-http | true
            """)
    void plainHttpIsForThisMachineUnlessSomebodySaysOtherwise(String address, String option, boolean taken) {
        var arguments = new java.util.ArrayList<>(
                List.of("--control-plane", address, "--name", "edge-1", "--data", folder.toString()));
        if (option != null) arguments.add(option);

        if (taken) {
            assertThat(EdgeMain.settings(arguments.toArray(String[]::new)).nodeName())
                    .isEqualTo("edge-1");
        } else {
            assertThatThrownBy(() -> EdgeMain.settings(arguments.toArray(String[]::new)))
                    .isInstanceOf(CommandLine.ParameterException.class)
                    .hasMessageContaining("--allow-plain-http");
        }
    }

    @Test
    void labelsThatTheControlPlaneWouldRefuseAreRefusedAtTheStart() {
        var arguments = List.of("--control-plane", "http://127.0.0.1:1", "--name", "e", "--data", "d", "--label");

        assertThatThrownBy(() -> EdgeMain.settings(with(arguments, "site=not good")))
                .isInstanceOf(CommandLine.ParameterException.class)
                .hasMessageContaining("--label");
        assertThat(((EdgeSettings.Source.Following)
                                EdgeMain.settings(with(arguments, "site=ams")).source())
                        .labels())
                .isEqualTo(Map.of("site", "ams"));
    }

    private static String[] with(List<String> arguments, String last) {
        var all = new java.util.ArrayList<>(arguments);
        all.add(last);
        return all.toArray(String[]::new);
    }
}
