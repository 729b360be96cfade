package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.CaughtUp;
import dev.nearside.model.wire.feed.CertificatesMessage;
import dev.nearside.model.wire.feed.CertificatesMessage.Item;
import dev.nearside.model.wire.feed.CertificatesMessage.Withheld;
import dev.nearside.model.wire.feed.EdgeReport.ShownCertificate;
import dev.nearside.model.wire.feed.Reset;
import dev.nearside.model.wire.feed.SnapshotMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An edge that shows viewers the certificates which the control plane has given it.
class DeliveredCertificatesTest {

    private static final String EPOCH = "epoch-1";

    private static Item www;
    private static Item renewed;
    private static Item wild;

    @TempDir
    Path folder;

    private final ScriptedOrigin origin = new ScriptedOrigin();
    private ScriptedControlPlane control;
    private Edge edge;

    @BeforeAll
    static void makeCertificates(@TempDir Path made) throws IOException {
        www = item(made, "www", 1, 50, "www.example.com", "shop.example.com");
        renewed = item(made, "www", 2, 90, "www.example.com");
        wild = item(made, "wild", 1, 70, "*.example.com");
    }

    private static Item item(Path folder, String id, long version, int days, String... hosts) throws IOException {
        var pair = PemFiles.write(folder, id + version, days, hosts);
        return new Item("id-of-" + id, id, version, Files.readString(pair.certificate()), Files.readString(pair.key()));
    }

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("token"), "one-time\n");
        origin.on("/page", Say.ok("hello", "Cache-Control", "max-age=600"));
        control = new ScriptedControlPlane();
        edge = startEdge();
        await().until(() -> !control.places().isEmpty());
        control.send("reset", new Reset(EPOCH, 0));
    }

    @AfterEach
    void stop() {
        edge.close();
        control.close();
        origin.close();
    }

    private Edge startEdge() throws IOException {
        return SmallNode.in(folder)
                .following(control.address())
                .secure(List.of(), Duration.ofSeconds(10))
                .finishingWithin(Duration.ofSeconds(1))
                .start();
    }

    private void give(Item... items) {
        control.send("certificates", new CertificatesMessage(List.of(items), List.of()));
    }

    private void publish(long version, String... sites) {
        var distributions = new ArrayList<String>();
        for (var site : sites) {
            var parts = site.split("=", -1);
            distributions.add("""
                    {"name": "%s", "enabled": true, "aliases": ["%s"]%s,
                     "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                     "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "CachingOptimized"}}
                    """.formatted(
                            parts[0].replace("*", "wild"),
                            parts[0],
                            parts[1].isEmpty()
                                    ? ""
                                    : ", \"viewerCertificate\": {\"certificateId\": \"id-of-" + parts[1] + "\"}",
                            origin.port()));
        }
        var json = "{\"distributions\": [" + String.join(",", distributions) + "]}";
        switch (Json.read(json, ConfigurationDocument.class)) {
            case Checked.Valid<ConfigurationDocument>(var document) -> {
                control.send("snapshot", SnapshotMessage.of(version, document));
                control.send("caught-up", new CaughtUp(EPOCH, 0));
            }
            case Checked.Invalid<ConfigurationDocument>(var problems) -> throw new AssertionError(problems.toString());
        }
        await().until(() -> control.hasReports() && control.lastReport().snapshotVersion() == version);
    }

    private String shownFor(String host) throws IOException {
        try (var socket = connect(host)) {
            return fingerprint(socket);
        }
    }

    private SSLSocket connect(String host) throws IOException {
        return RawHttp2.tls(edge.securePort(), Optional.of(host));
    }

    private static String fingerprint(SSLSocket socket) throws IOException {
        var leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return leaf.getSerialNumber().toString(16);
    }

    private static String fingerprint(Item item) {
        try {
            var factory = java.security.cert.CertificateFactory.getInstance("X.509");
            var bytes = item.chain().getBytes(StandardCharsets.US_ASCII);
            var leaf = (X509Certificate) factory.generateCertificate(new java.io.ByteArrayInputStream(bytes));
            return leaf.getSerialNumber().toString(16);
        } catch (java.security.cert.CertificateException e) {
            throw new AssertionError(e);
        }
    }

    private static String ask(SSLSocket socket, String host) throws IOException {
        socket.setSoTimeout(10_000);
        socket.getOutputStream()
                .write(("GET /page HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        var in = socket.getInputStream();
        var read = new StringBuilder();
        while (!read.toString().endsWith("hello")) {
            int next = in.read();
            if (next < 0) break;
            read.append((char) next);
        }
        return read.toString();
    }

    @Test
    void aRenewedCertificateIsShownWhileOpenConnectionsGoOn() throws Exception {
        give(www);
        publish(1, "www.example.com=www");
        assertThat(shownFor("www.example.com")).isEqualTo(fingerprint(www));
        assertThat(control.lastReport().certificates()).containsExactly(new ShownCertificate("id-of-www", 1, null));

        try (var open = connect("www.example.com")) {
            assertThat(ask(open, "www.example.com")).startsWith("HTTP/1.1 200 ");
            give(renewed);
            await().untilAsserted(() -> assertThat(shownFor("www.example.com")).isEqualTo(fingerprint(renewed)));

            assertThat(ask(open, "www.example.com")).startsWith("HTTP/1.1 200 ").endsWith("hello");
            assertThat(fingerprint(open)).isEqualTo(fingerprint(www));
        }
        await().untilAsserted(() -> assertThat(control.lastReport().certificates())
                .containsExactly(new ShownCertificate("id-of-www", 2, null)));
        try (var management = new Socket(InetAddress.getLoopbackAddress(), edge.managementPort())) {
            management.getOutputStream().write("GET /metrics HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(management.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .containsPattern("nearside_certificate_expiry_seconds\\{certificate=\"www\"} 77[67]\\d{4}\n");
        }
    }

    @Test
    void anExactAliasComesBeforeAWildcard() throws Exception {
        give(www, wild);
        publish(1, "www.example.com=www", "*.example.com=wild");

        assertThat(shownFor("www.example.com")).isEqualTo(fingerprint(www));
        assertThat(shownFor("WWW.example.com")).isEqualTo(fingerprint(www));
        // The certificate named www is for it as well, but its distribution is the other one.
        assertThat(shownFor("shop.example.com")).isEqualTo(fingerprint(wild));
    }

    @Test
    void withoutACertificateThereIsNoHandshake() throws Exception {
        give(wild);
        publish(1, "www.example.com=", "*.other.example=", "a.example.com=wild");

        assertThat(shownFor("a.example.com")).isEqualTo(fingerprint(wild));
        for (var host : List.of("www.example.com", "x.other.example", "unknown.example")) {
            assertThatThrownBy(() -> shownFor(host)).isInstanceOf(SSLException.class);
        }
        assertThatThrownBy(() -> RawHttp2.tls(edge.securePort(), Optional.empty()))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void anEdgeThatStartsWithoutTheControlPlaneStillSpeaksTls() throws Exception {
        give(www);
        publish(1, "www.example.com=www");
        var file = folder.resolve("data").resolve("certificates.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        edge.close();
        control.close();
        edge = startEdge();

        try (var socket = connect("www.example.com")) {
            assertThat(fingerprint(socket)).isEqualTo(fingerprint(www));
        }
    }

    @Test
    void whatCannotBeShownIsReportedAndThePreviousOneStays() throws Exception {
        give(www);
        publish(1, "www.example.com=www");

        give(new Item("id-of-www", "www", 2, www.chain(), wild.privateKey()));
        await().untilAsserted(() -> assertThat(control.lastReport().certificates())
                .containsExactly(new ShownCertificate("id-of-www", 1, "the key is not the certificate's")));
        assertThat(shownFor("www.example.com")).isEqualTo(fingerprint(www));

        give(new Item("id-of-www", "www", 3, "nonsense", "nonsense"));
        await().untilAsserted(() -> assertThat(control.lastReport().certificates())
                .containsExactly(new ShownCertificate("id-of-www", 1, "the certificate or its key cannot be read")));

        var withheld = new Withheld("id-of-www", "www", 4, "in the clear");
        control.send("certificates", new CertificatesMessage(List.of(), List.of(withheld)));
        await().untilAsserted(() -> assertThat(control.lastReport().certificates())
                .containsExactly(new ShownCertificate("id-of-www", 1, "in the clear")));
        control.send("certificates", "{\"items\": [{\"id\": 1}]}");
        assertThat(shownFor("www.example.com")).isEqualTo(fingerprint(www));
    }

    @Test
    void keysThatAreNotNeededDoNotStay() throws Exception {
        give(www, wild);
        publish(1, "www.example.com=www", "*.example.com=wild");
        var file = folder.resolve("data").resolve("certificates.json");
        assertThat(Files.readString(file)).contains("id-of-wild");

        publish(2, "www.example.com=www");
        await().untilAsserted(() -> assertThat(Files.readString(file)).doesNotContain("id-of-wild"));

        publish(3, "www.example.com=");
        await().until(() -> !Files.exists(file));
    }
}
