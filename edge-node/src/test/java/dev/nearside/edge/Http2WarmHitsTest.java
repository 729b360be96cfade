package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A request over HTTP/2 whose fields have all come before gets by the short way what it would get by the long one.
///
/// The measure is a request that differs in a field that means nothing, and so always takes the long way.
class Http2WarmHitsTest {

    /// So often that the last ones take the short way.
    private static final int OFTEN = 6;

    private final ScriptedOrigin origin = new ScriptedOrigin();
    private final HandMovedClock clock = new HandMovedClock();
    private Edge edge;
    private RawHttp2 viewer;
    private int stream = -1;
    private int odd;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("nearside.json"), """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["a.example"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d,
                    "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site",
                    "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
                    "cachePolicyId": "CachingOptimized"}}]}
                """.formatted(origin.port()));
        origin.on(
                "/page",
                asked -> Future.succeededFuture(
                        asked.headers().has("If-None-Match")
                                ? Say.status(304, "ETag", "\"1\"", "Cache-Control", "max-age=60")
                                : Say.ok("0123456789", "ETag", "\"1\"", "Cache-Control", "max-age=60")));
        edge = SmallNode.in(folder)
                .secure(List.of(PemFiles.write(folder, "a", 100, "a.example")), Duration.ofHours(1))
                .finishingWithin(Duration.ofSeconds(2))
                .start(clock);
        viewer = new RawHttp2(edge.securePort(), "a.example");
    }

    @AfterEach
    void stop() throws IOException {
        viewer.close();
        edge.close();
        origin.close();
    }

    private static List<String> request(String method, String path, String... more) {
        var fields = new ArrayList<>(
                List.of(":method", method, ":scheme", "https", ":authority", "a.example", ":path", path));
        fields.addAll(List.of(more));
        return fields;
    }

    private RawHttp2.Answer ask(List<String> fields) throws IOException {
        viewer.headers(stream += 2, true, fields.toArray(String[]::new));
        var answer = viewer.answer(stream);
        var comparable = answer.fields().stream()
                .map(field -> field.startsWith("x-nearside-id: ") ? "x-nearside-id: some" : field)
                .toList();
        return new RawHttp2.Answer(comparable, answer.body());
    }

    private RawHttp2.Answer askByTheLongWay(List<String> fields) throws IOException {
        var other = new ArrayList<>(fields);
        other.addAll(List.of("x-odd", Integer.toString(odd++)));
        return ask(other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "accept-encoding|gzip",
                "range|bytes=2-4",
                "range|bytes=20-",
                "if-none-match|\"1\"",
                "if-none-match|\"2\"",
                "cookie|a=b|cookie|c=d|x-forwarded-for|1.2.3.4"
            })
    void bothWaysLeadToTheSame(String more) throws IOException {
        var fields = more.isEmpty() ? new String[0] : more.split("\\|", -1);
        ask(request("GET", "/page"));
        ask(request("GET", "/page", fields));
        for (var method : List.of("GET", "HEAD")) {
            var request = request(method, "/page", fields);
            for (int i = 0; i < OFTEN; i++) {
                clock.pass(Duration.ofMillis(1_700));
                assertThat(ask(request)).isEqualTo(askByTheLongWay(request));
            }
        }
    }

    @Test
    void lifeEndsInTime() throws IOException {
        var page = request("GET", "/page");
        for (int i = 0; i < OFTEN; i++) ask(page);
        clock.pass(Duration.ofSeconds(59));
        assertThat(ask(page).fields()).contains("age: 59", "cache-status: nearside; hit; ttl=1");
        clock.pass(Duration.ofSeconds(1));
        assertThat(ask(page).fields()).contains("x-cache: RefreshHit from nearside");
        for (int i = 0; i < OFTEN; i++) assertThat(ask(page).fields()).contains("age: 0");
        assertThat(origin.trips("/page")).hasSize(2);
    }

    @Test
    void whatARequestChangesIsBroughtAnew() throws IOException {
        var page = request("GET", "/page");
        for (int i = 0; i < OFTEN; i++) ask(page);
        origin.on("/page", Say.ok("changed", "Cache-Control", "max-age=60"));
        ask(request("POST", "/page"));
        for (int i = 0; i < OFTEN; i++) assertThat(ask(page).body()).isEqualTo("changed");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_384, 65_536, 300_000})
    void bodiesOfAnyLengthArriveWholeWithinTheWindows(int length) throws IOException {
        var body = "abcdefghij".repeat(length / 10 + 1).substring(0, length);
        origin.on("/sized", Say.ok(body, "Cache-Control", "max-age=60"));
        for (int i = 0; i < OFTEN; i++)
            assertThat(ask(request("GET", "/sized")).body()).isEqualTo(body);
    }

    @Test
    void manyMayBeUnderWay() throws IOException {
        var page = request("GET", "/page").toArray(String[]::new);
        for (int i = 0; i < OFTEN; i++) ask(List.of(page));
        int first = stream + 2;
        for (int i = 0; i < 50; i++) viewer.headers(stream += 2, true, page);
        for (int id = first; id <= stream; id += 2) {
            assertThat(viewer.answer(id).body()).isEqualTo("0123456789");
        }
    }

    /// Fields behind a body that look like a head are none.
    @Test
    void trailersHaveNoAnswerOfTheirOwn() throws IOException {
        var page = request("GET", "/page").toArray(String[]::new);
        for (int i = 0; i < OFTEN; i++) ask(List.of(page));
        viewer.headers(stream += 2, false, request("POST", "/page").toArray(String[]::new));
        viewer.data(stream, false, "x");
        viewer.headers(stream, true, page);
        var ending = viewer.ending(stream);
        if (ending instanceof RawHttp2.Ending.Answered answered)
            assertThat(answered.status()).isNotZero();
        try (var other = new RawHttp2(edge.securePort(), "a.example")) {
            other.headers(1, true, page);
            assertThat(other.answer(1).body()).isNotEmpty();
        }
    }

    @Test
    void oneThatIsTakenBackHarmsNobody() throws IOException {
        var body = "x".repeat(200_000);
        origin.on("/film", Say.ok(body, "Cache-Control", "max-age=60"));
        for (int i = 0; i < OFTEN; i++) ask(request("GET", "/film"));
        for (int i = 0; i < 20; i++) {
            viewer.headers(stream += 2, true, request("GET", "/film").toArray(String[]::new));
            viewer.reset(stream);
        }
        await().ignoreExceptions().until(() -> {
            try (var other = new RawHttp2(edge.securePort(), "a.example")) {
                other.headers(1, true, request("GET", "/film").toArray(String[]::new));
                return other.answer(1).body().equals(body);
            }
        });
    }
}
