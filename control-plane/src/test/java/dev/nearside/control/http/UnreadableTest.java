package dev.nearside.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the web server itself refuses, before there is a route for it.
class UnreadableTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v1/distributions?quorum=60%&timeout=1s HTTP/1.1",
                "GET /api/v1/distri%zzbutions HTTP/1.1",
                "GET /api/v1/a|b HTTP/1.1"
            })
    void isAnsweredWithAProblemDocument(String line) throws Exception {
        var answer = ask(line + "\r\nHost: a\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ");
        assertThat(answer).contains("Content-Type: application/problem+json", "X-Request-Id: id", "no-store");
        assertThat(answer).contains("\"type\":\"urn:nearside:problem:unreadable\"", "\"requestId\":\"id\"", "%25");
    }

    @Test
    void saysNothingOfWhatWasSent() throws Exception {
        assertThat(ask("GET /secret%zz HTTP/1.1\r\nHost: a\r\n\r\n")).doesNotContain("secret");
    }

    private static String ask(String request) throws IOException, TlsFiles.Unusable {
        var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var server = new ApiServer(
                listen,
                Optional.empty(),
                new RouteTable(List.of()),
                _ -> new Caller.Stranger(),
                () -> "id",
                _ -> false,
                Duration.ofSeconds(5))) {
            server.start();
            try (var caller = new Socket(server.uri().getHost(), server.uri().getPort())) {
                caller.setSoTimeout(10_000);
                caller.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                return new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }
}
