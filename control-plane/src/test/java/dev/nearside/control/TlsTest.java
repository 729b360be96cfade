package dev.nearside.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.nearside.control.access.Passwords;
import dev.nearside.control.command.ConfigMain;
import dev.nearside.control.http.TlsFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The API over real TLS sockets.
class TlsTest {

    @TempDir
    Path folder;

    private PemFiles server;
    private Optional<ControlPlane> running = Optional.empty();

    @BeforeEach
    void makeCertificate() throws IOException {
        server = PemFiles.write(folder, "server", "ip:127.0.0.1");
    }

    @AfterEach
    void stop() {
        running.ifPresent(ControlPlane::close);
    }

    private void start(Optional<Path> clientAuthorities) throws ControlPlane.NotStarted {
        var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var files = new TlsFiles(server.certificate(), server.key(), clientAuthorities);
        running = Optional.of(ControlPlane.start(
                Setup.in(folder.resolve("data"), listen).with(files),
                new Passwords(new SecureRandom(), 1_000),
                Duration.ofSeconds(2),
                Clock.systemUTC()));
    }

    private static HttpClient client(Path authorities, KeyManager... own) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(own, new TrustManager[] {TlsFiles.trusting("--control-plane-ca", authorities)}, null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static KeyManager[] showing(PemFiles own) throws Exception {
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(KeyStore.getInstance(own.store().toFile(), PemFiles.PASSWORD), PemFiles.PASSWORD);
        return factory.getKeyManagers();
    }

    private HttpResponse<String> get(HttpClient client, String path) throws Exception {
        var address = running.orElseThrow().uri().resolve(path);
        return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }

    @Test
    void whoTrustsItsAuthorityIsAnsweredAndWhoDoesNotIsNot() throws Exception {
        start(Optional.empty());

        try (var trusting = client(server.certificate());
                var doubtful = HttpClient.newHttpClient()) {
            assertThat(running.orElseThrow().uri()).hasScheme("https");
            assertThat(get(trusting, "/health/live").statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> get(doubtful, "/health/live")).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void theConfigurationIsExportedFromWhomTheCommandIsToldToBelieve() throws Exception {
        start(Optional.empty());
        var api = running.orElseThrow().uri().toString();

        assertThat(export("--control-plane", api)).contains("cannot be reached", "in --control-plane-ca");
        assertThat(export(
                        "--control-plane",
                        api,
                        "--control-plane-ca",
                        server.certificate().toString()))
                .contains("an API token is missing");
        assertThat(export("--control-plane", api, "--control-plane-ca", "none.pem"))
                .contains("--control-plane-ca: none.pem cannot be read");
    }

    /// What it has to complain of.
    private static String export(String... options) {
        var err = new StringWriter();
        var all = Stream.concat(Stream.of("export"), Stream.of(options)).toArray(String[]::new);
        ConfigMain.commandLine(Map.of()).setErr(new PrintWriter(err)).execute(all);
        return err.toString();
    }

    @Test
    void aCertificateForAnotherNameIsNotBelieved() throws Exception {
        server = PemFiles.write(folder, "server", "dns:control.test");
        start(Optional.empty());

        try (var trusting = client(server.certificate())) {
            assertThatThrownBy(() -> get(trusting, "/health/live")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anEdgeHasToShowACertificateWhereThatIsAsked() throws Exception {
        var edge = PemFiles.write(folder, "edge", "dns:edge.test");
        var stranger = PemFiles.write(folder, "stranger", "dns:stranger.test");
        start(Optional.of(edge.certificate()));

        try (var without = client(server.certificate());
                var with = client(server.certificate(), showing(edge));
                var other = client(server.certificate(), showing(stranger))) {
            assertThat(get(without, "/health/live").statusCode()).isEqualTo(200);
            assertThat(get(without, "/edge/v1/feed").statusCode()).isEqualTo(403);
            assertThat(get(with, "/edge/v1/feed").statusCode())
                    .as("certified, and yet without a credential")
                    .isEqualTo(401);
            // The JDK shows nothing where its certificate is signed by none of those that are asked for.
            assertThat(get(other, "/edge/v1/feed").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void aNewCertificateIsShownWithoutARestartAndABadOneIsNot() throws Exception {
        start(Optional.empty());
        var first = shown();
        Files.writeString(server.certificate(), "no certificate");
        Files.setLastModifiedTime(server.certificate(), java.nio.file.attribute.FileTime.fromMillis(1));
        await().during(Duration.ofMillis(1500)).atMost(Duration.ofSeconds(5)).until(() -> shown().equals(first));

        PemFiles.write(folder, "server", "ip:127.0.0.1");

        await().atMost(Duration.ofSeconds(10)).until(() -> !shown().equals(first));
        try (var trusting = client(server.certificate())) {
            assertThat(get(trusting, "/health/live").statusCode()).isEqualTo(200);
        }
    }

    /// What it shows to somebody who looks.
    private X509Certificate shown() throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Looking()}, null);
        var address = running.orElseThrow().uri();
        try (var socket = (javax.net.ssl.SSLSocket)
                context.getSocketFactory().createSocket(address.getHost(), address.getPort())) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static final class Looking implements javax.net.ssl.X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    void aKeyOfAnotherCertificateIsRefusedBeforeAnythingIsServed() throws Exception {
        var other = PemFiles.write(folder, "other", "ip:127.0.0.1");
        server = new PemFiles(server.certificate(), other.key(), server.store());

        assertThatThrownBy(() -> start(Optional.empty()))
                .isInstanceOf(ControlPlane.NotStarted.class)
                .hasMessageContaining("--tls-key")
                .hasMessageContaining("does not belong to the certificate");
    }
}
