package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.RawHttp2.Ending;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Bytes beyond ASCII in a target, which belong percent-encoded: viewers send them all the same.
class RawBytesTest {

    private RecordingOrigin origin;
    private Edge edge;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        origin = new RecordingOrigin().saying(asked -> {
            var text = asked.target()
                    + asked.field("X-Matched").map(word -> " " + word).orElse("");
            return "HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\nContent-Length: " + text.length() + "\r\n\r\n"
                    + text;
        });
        Files.writeString(folder.resolve("nearside.json"), """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["a.example"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %1$d, "originProtocolPolicy": "http-only"},
                   {"id": "other", "domainName": "127.0.0.1", "httpPort": %1$d, "originProtocolPolicy": "http-only",
                    "customHeaders": [{"name": "X-Matched", "value": "matched"}]}],
                  "cacheBehaviors": [{"pathPattern": "/gr??????n*", "targetOriginId": "other",
                    "cachePolicyId": "UseOriginCacheControlHeaders-QueryStrings"}],
                  "defaultCacheBehavior": {"targetOriginId": "site",
                    "cachePolicyId": "UseOriginCacheControlHeaders-QueryStrings"}}]}
                """.formatted(origin.port()));
        edge = Http2Test.start(folder, List.of(PemFiles.write(folder, "a", 100, "a.example")));
    }

    @AfterEach
    void stop() throws IOException {
        edge.close();
        origin.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # bytes as characters         | what they mean                  | what the origin gets and says
        /grÃ¼n                        | /gr%C3%BCn                      | /gr%C3%BCn matched
        /grÃ¼n/x?a=Ã¼                 | /gr%C3%BCn/x?a=%C3%BC           | /gr%C3%BCn/x?a=%C3%BC matched
        /grün                         | /gr%FCn                         | /gr%FCn
        /x?ÿ=%FF                      | /x?%FF=%FF                      | /x?%FF=%FF
        http://a.example/é            | /%E9                            | /%E9
        """)
    void theyAreEncodedOnceForPatternsKeysAndOrigins(String sent, String meant, String said) throws IOException {
        assertThat(plainly(sent)).endsWith("\r\n\r\n" + said);
        assertThat(plainly(meant)).contains("nearside; hit;").endsWith("\r\n\r\n" + said);
        if (!sent.startsWith("/")) return;
        try (var viewer = new RawHttp2(edge.securePort(), "a.example")) {
            viewer.get(1, "a.example", sent);
            assertThat(viewer.ending(1)).isEqualTo(new Ending.Answered(200, said));
        }
        assertThat(origin.seen().stream().map(RecordingOrigin.Seen::target).distinct())
                .containsExactly(meant);
    }

    private String plainly(String target) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            var request = "GET " + target + " HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
