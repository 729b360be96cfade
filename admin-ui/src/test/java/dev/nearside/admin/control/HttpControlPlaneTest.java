package dev.nearside.admin.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.Answer.Refused;
import dev.nearside.admin.control.Answer.SignedOut;
import dev.nearside.admin.control.Answer.Unreachable;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.CachePolicyDocument;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.ProblemDocument;
import dev.nearside.model.wire.api.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpControlPlaneTest {

    private static final CachePolicyDocument POLICY =
            new CachePolicyDocument(null, "a", null, 5L, 1L, 9L, null, null, null, null, null, null, null, null);

    private record Request(String line, Optional<String> bearer, Optional<String> ifMatch, String body) {}

    private final AtomicReference<Request> asked = new AtomicReference<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer server;
    private int status = 200;
    private String answer = "{}";

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var headers = exchange.getRequestHeaders();
            asked.set(new Request(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                    Optional.ofNullable(headers.getFirst("Authorization")),
                    Optional.ofNullable(headers.getFirst("If-Match")),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            var bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        http.close();
    }

    private Entrance entrance() {
        return new HttpEntrance(
                http, URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"));
    }

    private ControlPlane controlPlane() {
        return entrance().enter("t0ken");
    }

    @Test
    void signingInNeedsNoTokenAndGivesOne() {
        answer = Json.write(new Session("t0ken", Instant.EPOCH, "ann", "operator"));

        assertThat(entrance().login("ann", "s3cret"))
                .isEqualTo(new Done<>(new Session("t0ken", Instant.EPOCH, "ann", "operator")));
        assertThat(asked.get().line()).isEqualTo("POST /api/v1/login");
        assertThat(asked.get().bearer()).isEmpty();
        assertThat(asked.get().body()).contains("\"username\":\"ann\"");
    }

    @Test
    void everyOtherQuestionBearsTheToken() {
        answer = Json.write(new Distributions(List.of()));

        assertThat(controlPlane().distributions()).isEqualTo(new Done<>(new Distributions(List.of())));
        assertThat(asked.get().bearer()).hasValue("Bearer t0ken");
    }

    @Test
    void aSavedVersionNamesTheOneItReplaces() {
        controlPlane().updateCachePolicy("a b", "7", POLICY, "Why & how");

        assertThat(asked.get().line()).isEqualTo("PUT /api/v1/cache-policies/a%20b?comment=Why%20%26%20how");
        assertThat(asked.get().ifMatch()).hasValue("\"7\"");
        assertThat(asked.get().body()).contains("\"minTTL\":5");
    }

    @Test
    void aProblemDocumentArrivesWithEveryProblem() {
        status = 400;
        answer = Json.write(new ProblemDocument(
                "urn:nearside:problem:invalid-document",
                "The document is not valid",
                400,
                "Nothing was stored",
                "r1",
                List.of(new ProblemDocument.Entry("minTTL", "5 (expected: at most 1)")),
                null));

        assertThat(controlPlane().createCachePolicy(POLICY, ""))
                .isEqualTo(new Refused<>(
                        400,
                        "The document is not valid",
                        "Nothing was stored",
                        List.of(new Problem("minTTL", "5 (expected: at most 1)"))));
    }

    @Test
    void aStaleVersionIsAConflict() {
        status = 412;
        answer = Json.write(new ProblemDocument("urn:x", "Changed meanwhile", 412, null, null, null, null));

        assertThat(controlPlane().updateCachePolicy("a", "7", POLICY, ""))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.isConflict()).isTrue());
    }

    @Test
    void aRefusalInAnotherLanguageIsStillARefusal() {
        status = 502;
        answer = "<html>Bad gateway</html>";

        assertThat(controlPlane().edges())
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.status()).isEqualTo(502));
    }

    @Test
    void aTokenThatIsNoLongerGoodMeansSignedOut() {
        status = 401;
        answer = "";

        assertThat(controlPlane().edges()).isEqualTo(new SignedOut<>());
    }

    @Test
    void aSuccessThatCannotBeReadIsNoSuccess() {
        answer = "{\"items\": 7}";

        assertThat(controlPlane().distributions()).isInstanceOf(Unreachable.class);
    }

    @Test
    void nobodyThereIsSaidAsSuch() {
        var gone = controlPlane();
        server.stop(0);

        assertThat(gone.metrics(Duration.ofMinutes(5), Duration.ofSeconds(1), Optional.empty()))
                .isInstanceOf(Unreachable.class);
    }

    @Test
    void theTokenIsNeverPrinted() {
        assertThat(new Wire(http, URI.create("http://127.0.0.1"), "t0ken").toString())
                .doesNotContain("t0ken");
    }
}
