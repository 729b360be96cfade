package dev.nearside.control;

import static dev.nearside.control.RunningControlPlane.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.EventReader.Event;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.ExplainRequest;
import dev.nearside.model.wire.api.Explanation;
import dev.nearside.model.wire.api.ProblemDocument;
import dev.nearside.model.wire.feed.Answered;
import dev.nearside.model.wire.feed.Enrolled;
import dev.nearside.model.wire.feed.Hello;
import dev.nearside.model.wire.feed.Question;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Questions to edges, as operators ask them and as edges hear them.
class ExplainTest {
    private static RunningControlPlane api;
    private static String viewer;

    private Enrolled edge;
    private EventReader feed;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        api = new RunningControlPlane(data);
        viewer = api.token("viewer");
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @BeforeEach
    void connect() throws Exception {
        edge = api.enrol("edge-" + System.nanoTime());
        feed = new EventReader(api.feed(edge, ""));
        var hello = feed.next("hello").read(Hello.class);
        feed.next("caught-up");
        api.report(edge, hello.epoch(), hello.headPosition(), 0);
    }

    @AfterEach
    void leave() throws Exception {
        feed.close();
        api.delete(api.admin(), "/api/v1/edges/" + edge.edgeId());
    }

    private static CompletableFuture<HttpResponse<String>> ask(String body) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return api.post(viewer, "/api/v1/explain", body);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private static HttpResponse<String> answer(Enrolled who, Answered answered) throws Exception {
        return api.post(who.credential(), "/edge/v1/answers", Json.write(answered));
    }

    private static Explanation explanation(String edge) {
        return new Explanation(
                edge, Instant.EPOCH, 7, "refused", "UNKNOWN_HOST", "Nobody is there.", null, null, null, null, null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # the question                                                   | every problem
            {}                                                               | url: missing (expected: an absolute http or https URL, as a viewer would ask for it)
            {"url": "/x"}                                                    | url: "/x" (expected: an absolute http or https URL, as a viewer would ask for it)
            {"url": "ftp://a.test/"}                                         | url: "ftp://a.test/" (expected: an absolute http or https URL, as a viewer would ask for it)
            {"url": "http://a.test/#x"}                                      | url: "http://a.test/#x" (expected: an absolute http or https URL, as a viewer would ask for it)
            {"url": "http://me@a.test/"}                                     | url: "http://me@a.test/" (expected: a host name or an IP literal, and a port if need be, behind the scheme)
            {"url": "http:///x"}                                             | url: "http:///x" (expected: a host name or an IP literal, and a port if need be, behind the scheme)
            {"url": "http://a.test:x/"}                                      | url: "http://a.test:x/" (expected: a host name or an IP literal, and a port if need be, behind the scheme)
            {"url": "http://a.test/", "method": "GE T"}                      | method: "GE T" (expected: a method, like GET)
            {"url": "http://a.test/", "method": ""}                          | method: "" (expected: a method, like GET)
            {"url": "http://a.test/", "clientIp": "1.2.3"}                   | clientIp: "1.2.3" (expected: an IP address)
            {"url": "http://a.test/", "headers": {"A B": "x"}}               | headers: "A B" (expected: a header name)
            {"url": "http://a.test/", "headers": {"Cookie": "secret\\n"}}    | headers.Cookie: not a header value (expected: a text without control characters)
            {"url": "http://a.test/", "headers": {"Cookie": null}}           | headers.Cookie: not a header value (expected: a text without control characters)
            {"url": "http://a.test/", "headers": {"A": 5}}                   | headers.A: 5 (expected: a text)
            {"url": "http://a.test/", "header": {}}                          | header: unknown property (expected: one of url, method, headers, clientIp, edge)
            {"url": "http://a.test/", "edge": "nobody"}                      | edge: "nobody" (expected: the name of an enrolled edge)
            """)
    void aBadQuestionIsToldWhatIsWrongWithIt(String question, String told) throws Exception {
        var answer = api.post(viewer, "/api/v1/explain", question);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(body(answer, ProblemDocument.class).problems())
                .extracting(problem -> problem.path() + ": " + problem.message())
                .containsExactly(told);
    }

    @Test
    void theEdgeIsAskedOverItsFeedAndItsAnswerIsPassedOn() throws Exception {
        var asked = ask("""
                {"url": "http://a.test/x?y", "method": "HEAD", "headers": {"Cookie": "a=b"}, "clientIp": "::1", "edge": "%s"}
                """.formatted(edge.name()));
        var event = feed.next("question");
        var question = event.read(Question.class);

        assertThat(event.id()).as("a question has no place in the log").isEmpty();
        assertThat(question.explain())
                .isEqualTo(new ExplainRequest("http://a.test/x?y", "HEAD", Map.of("Cookie", "a=b"), "::1", null));

        assertThat(answer(edge, new Answered(question.id(), explanation(edge.name()), null))
                        .statusCode())
                .isEqualTo(204);
        assertThat(asked.get().statusCode()).isEqualTo(200);
        assertThat(body(asked.get(), Explanation.class)).isEqualTo(explanation(edge.name()));
    }

    @Test
    void anyConnectedEdgeAnswersForAll() throws Exception {
        api.enrol("a-that-never-connects-" + System.nanoTime());

        var asked = ask("{\"url\": \"http://a.test/\"}");
        var question = feed.next("question").read(Question.class);
        answer(edge, new Answered(question.id(), explanation("me"), null));

        assertThat(body(asked.get(), Explanation.class).edge()).isEqualTo("me");
    }

    @Test
    void manyQuestionsAtOnceGetEachItsOwnAnswer() throws Exception {
        var asked = List.of(ask("{\"url\": \"http://a.test/1\"}"), ask("{\"url\": \"http://a.test/2\"}"));
        for (int i = 0; i < 2; i++) {
            var question = feed.next("question").read(Question.class);
            var url = question.explain().url();
            answer(edge, new Answered(question.id(), explanation(url == null ? "" : url), null));
        }

        assertThat(body(asked.get(0).get(), Explanation.class).edge()).isEqualTo("http://a.test/1");
        assertThat(body(asked.get(1).get(), Explanation.class).edge()).isEqualTo("http://a.test/2");
    }

    @Test
    void aSilentEdgeIsNamedAndItsFeedGoesOn() throws Exception {
        var asked = ask("{\"url\": \"http://a.test/\", \"edge\": \"%s\"}".formatted(edge.name()));
        var question = feed.next("question").read(Question.class);
        api.post(api.admin(), "/api/v1/snapshots", "");

        assertThat(feed.next()).extracting(Event::name).isEqualTo("snapshot");
        var refused = body(asked.get(), ProblemDocument.class);
        assertThat(asked.get().statusCode()).isEqualTo(504);
        assertThat(refused.detail()).contains(edge.name());
        assertThat(answer(edge, new Answered(question.id(), explanation("late"), null))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void anEdgeThatCannotTellSaysWhy() throws Exception {
        var asked = ask("{\"url\": \"http://a.test/\", \"edge\": \"%s\"}".formatted(edge.name()));
        var question = feed.next("question").read(Question.class);
        answer(edge, new Answered(question.id(), null, "no snapshot yet"));

        assertThat(asked.get().statusCode()).isEqualTo(502);
        assertThat(body(asked.get(), ProblemDocument.class).detail()).contains(edge.name(), "no snapshot yet");
    }

    @Test
    void nobodyAnswersForAnotherEdge() throws Exception {
        var other = api.enrol("other-" + System.nanoTime());
        var asked = ask("{\"url\": \"http://a.test/\", \"edge\": \"%s\"}".formatted(edge.name()));
        var question = feed.next("question").read(Question.class);

        assertThat(answer(other, new Answered(question.id(), explanation("forged"), null))
                        .statusCode())
                .isEqualTo(404);
        answer(edge, new Answered(question.id(), explanation("true"), null));
        assertThat(body(asked.get(), Explanation.class).edge()).isEqualTo("true");
    }

    @Test
    void withoutAConnectionNobodyIsAsked() throws Exception {
        var away = api.enrol("away-" + System.nanoTime());
        api.delete(api.admin(), "/api/v1/edges/" + edge.edgeId());

        var named = api.post(
                viewer, "/api/v1/explain", "{\"url\": \"http://a.test/\", \"edge\": \"%s\"}".formatted(away.name()));
        var any = api.post(viewer, "/api/v1/explain", "{\"url\": \"http://a.test/\"}");

        assertThat(named.statusCode()).isEqualTo(503);
        assertThat(body(named, ProblemDocument.class).detail()).contains(away.name(), "last seen");
        assertThat(any.statusCode()).isEqualTo(503);
        assertThat(body(any, ProblemDocument.class).title()).isEqualTo("No edge is connected");
    }

    @Test
    void aQuestionNeverPrintsItsSecrets() {
        var request = new ExplainRequest("http://a.test/", "GET", Map.of("Authorization", "Bearer secret"), null, null);

        assertThat(new Question("1", request).toString())
                .contains("Authorization")
                .doesNotContain("secret");
    }
}
