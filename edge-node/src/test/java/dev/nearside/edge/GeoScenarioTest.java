package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import dev.nearside.edge.viewer.AddressFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sites that only some countries may see: a real edge, and a small database of addresses that says where loopback is.
class GeoScenarioTest {

    @TempDir
    Path folder;

    private final ScriptedOrigin origin = new ScriptedOrigin();
    private Edge edge;

    @BeforeEach
    void start() throws IOException {
        viewersAreIn("AT");
        Files.writeString(
                folder.resolve("nearside.json"),
                "{\"distributions\": [%s, %s, %s]}"
                        .formatted(
                                restricted("only-at", "whitelist", "AT"),
                                restricted("not-at", "blacklist", "AT"),
                                restricted("not-de", "blacklist", "DE")));
        edge = SmallNode.in(folder).knowing(database()).start();
        origin.on("/", Say.ok("open"));
    }

    @AfterEach
    void stop() {
        edge.close();
        origin.close();
    }

    @Test
    void whoIsInARestrictedCountryIsRefused() throws IOException {
        origin.on("/.well-known/pki-validation/x", Say.ok("no exemption"));

        assertThat(status("only-at.example", "/")).isEqualTo(200);
        assertThat(status("not-at.example", "/")).isEqualTo(403);
        assertThat(status("not-at.example", "/.well-known/pki-validation/x")).isEqualTo(403);
        assertThat(status("not-de.example", "/")).isEqualTo(200);
        assertThat(accessLog()).contains("geo-blocked");
    }

    @Test
    void aReplacedDatabaseIsSeenByItself() {
        viewersAreIn("DE");

        await().untilAsserted(() -> assertThat(status("only-at.example", "/")).isEqualTo(403));
        await().untilAsserted(() -> assertThat(status("not-at.example", "/")).isEqualTo(200));
    }

    @Test
    void whoseCountryIsUnknownIsServed() throws IOException {
        edge.close();
        edge = SmallNode.in(folder).start();

        assertThat(status("only-at.example", "/")).isEqualTo(200);
        assertThat(status("not-at.example", "/")).isEqualTo(200);
    }

    @Test
    void aBadDatabaseKeepsTheEdgeFromStarting() throws IOException {
        edge.close();
        var bad = Files.writeString(folder.resolve("bad.mmdb"), "no database");

        assertThatThrownBy(() -> SmallNode.in(folder).knowing(bad).start())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("--geoip: " + bad + " is no such database (expected: ");
    }

    private void viewersAreIn(String country) {
        new AddressFile("GeoLite2-Country")
                .with("127.0.0.0/8", AddressFile.place(country, "somewhere"))
                .write(database());
    }

    private Path database() {
        return folder.resolve("countries.mmdb");
    }

    private String accessLog() throws IOException {
        edge.close();
        try (var files = Files.list(folder.resolve("data/access-log"))) {
            var text = new StringBuilder();
            for (var file : files.toList()) text.append(Files.readString(file));
            return text.toString();
        }
    }

    private int status(String host, String path) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(path, host)
                            .getBytes(StandardCharsets.ISO_8859_1));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return Integer.parseInt(answer.split(" ", 3)[1]);
        }
    }

    private String restricted(String name, String type, String country) {
        return """
                {"name": "%s", "enabled": true, "aliases": ["%s.example"],
                 "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                 "restrictions": {"geoRestriction": {"restrictionType": "%s", "items": ["%s"]}},
                 "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "CachingDisabled"}}""".formatted(name, name, origin.port(), type, country);
    }
}
