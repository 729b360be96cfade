package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an origin may say, and what becomes of it: well framed or not at all.
class OriginAnswersTest {

    @TempDir
    Path folder;

    private final HandMovedClock clock = new HandMovedClock();

    /// `~` is the end of a line, `^` a NUL.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # what the origin says                                                              | the viewer gets
        HTTP/1.1 200 OK~Content-Length: 2~~ok                                               | 200 ok
        HTTP/1.1 200~Content-Length: 2~~ok                                                  | 200 ok
        HTTP/1.1 102 Processing~~HTTP/1.1 200 OK~Content-Length: 2~~ok                      | 200 ok
        HTTP/1.1 103 Early Hints~Link: </x>~~HTTP/1.1 200 OK~Content-Length: 2~~ok          | 200 ok
        HTTP/1.1 100 Continue~~HTTP/1.1 200 OK~Content-Length: 2~~ok                        | 200 ok
        HTTP/1.1 199 X~Content-Length: 2~~HTTP/1.1 200 OK~Content-Length: 2~~ok             | 200 ok
        HTTP/1.1 100 Continue~~HTTP/1.1 100 Continue~~HTTP/1.1 200 OK~Content-Length: 0~~   | 502
        HTTP/1.1 101 Switching Protocols~Connection: upgrade~Upgrade: websocket~~           | 502
        HTTP/1.1 200 OK~Content-Length: 2~Content-Length: 2~~ok                             | 502
        HTTP/1.1 200 OK~Content-Length: 2~Content-Length: 3~~okk                            | 502
        HTTP/1.1 200 OK~Content-Length: 2, 3~~okk                                           | 502
        HTTP/1.1 200 OK~Content-Length: +2~~ok                                              | 502
        HTTP/1.1 200 OK~Content-Length: -2~~ok                                              | 502
        HTTP/1.1 200 OK~Content-Length: 0x2~~ok                                             | 502
        HTTP/1.1 200 OK~Content-Length: 99999999999999999999~~ok                            | 502
        HTTP/1.1 200 OK~Content-Length: 5~Transfer-Encoding: chunked~~2~ok~0~~              | 502
        HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~ok~0~X-T: 1~~                         | 200 ok
        HTTP/1.1 200 OK~Transfer-Encoding: gzip, chunked~~2~ok~0~~                          | 502
        HTTP/1.1 200 OK~Transfer-Encoding: identity~Content-Length: 2~~ok                   | 502
        HTTP/1.1 200 OK~Transfer-Encoding: chunked~~zz~ok~0~~                               | broken
        HTTP/1.1 200 OK~Transfer-Encoding: chunked~~-2~ok~0~~                               | broken
        HTTP/1.1 200 OK~X-A: 1~ folded~Content-Length: 2~~ok                                | 200 ok
        HTTP/1.1 200 OK~X-A: 1^2~Content-Length: 2~~ok                                      | 502
        HTTP/1.1 200 OK~X^A: 12~Content-Length: 2~~ok                                       | 502
        HTTP/1.1 200 OK~X-A : 12~Content-Length: 2~~ok                                      | 200 ok
        HTTP/1.1 200 OK~: 12~Content-Length: 2~~ok                                          | 502
        HTTP/2.0 200 OK~Content-Length: 2~~ok                                               | 502
        HTTP/1.1 abc OK~Content-Length: 2~~ok                                               | 502
        HTTP/1.1 99 OK~Content-Length: 2~~ok                                                | 502
        HTTP/1.1 1000 OK~Content-Length: 2~~ok                                              | 502
        220 smtp.example ESMTP~~                                                            | 502
        ~~~~~~                                                                              | 504
        """)
    void whatIsNoAnswerIsNotPassedOn(String says, String gets) throws Exception {
        try (var origin = new VerbatimOrigin().saying(says.replace("~", "\r\n").replace('^', '\0'));
                var edge = new RunningEdge(folder, configuration(origin.port()), clock)) {
            var got = got(edge.raw("GET /x HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"));

            assertThat(got).isEqualTo(gets);
        }
    }

    private static String got(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) return "broken";
        var head = answer.substring(0, end);
        assertThat(head).doesNotContain("\0", "X-A :").doesNotContainPattern("\r\n[ \t]");
        return head.startsWith("50", 9)
                ? head.substring(9, 12)
                : head.substring(9, 12) + " " + answer.substring(end + 4);
    }

    @Test
    void aHeadTooLargeIsNoAnswer() throws Exception {
        try (var origin = new VerbatimOrigin()
                        .saying("HTTP/1.1 200 OK\r\nX-A: " + "a".repeat(40_000) + "\r\nContent-Length: 2\r\n\r\nok");
                var edge = new RunningEdge(folder, configuration(origin.port()), clock)) {
            assertThat(edge.read("/x").statusCode()).isEqualTo(502);
        }
    }

    @Test
    void anAnswerThatNobodyAskedForReachesNobody() throws Exception {
        try (var origin = new VerbatimOrigin()
                        .saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCache-Control: no-store\r\n\r\nok"
                                + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                var edge = new RunningEdge(folder, configuration(origin.port()), clock)) {
            for (int i = 0; i < 5; i++) assertThat(edge.read("/x").body()).isEqualTo("ok");
        }
    }

    private static String configuration(int port) {
        return """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["127.0.0.1"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "connectionAttempts": 1,
                    "originReadTimeout": 1, "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "CachingOptimized"}}]}
                """.formatted(port);
    }
}
