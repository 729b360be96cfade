package dev.nearside.edge;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.ExplainRequest;
import dev.nearside.model.wire.feed.Answered;
import dev.nearside.model.wire.feed.CaughtUp;
import dev.nearside.model.wire.feed.Question;
import dev.nearside.model.wire.feed.Reset;
import dev.nearside.model.wire.feed.SnapshotMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Questions that an edge hears over its feed.
class ExplainFeedTest {

    @TempDir
    Path folder;

    private ScriptedControlPlane control;
    private Edge edge;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("token"), "one-time\n");
        control = new ScriptedControlPlane();
        edge = SmallNode.in(folder).following(control.address()).start();
        await().until(() -> !control.places().isEmpty());
        control.send("reset", new Reset("epoch", 0));
    }

    @AfterEach
    void stop() {
        edge.close();
        control.close();
    }

    private Answered ask(Question question) {
        control.send("question", question);
        return nextAnswer(1);
    }

    private Answered nextAnswer(int count) {
        await().until(() -> control.answers().size() == count);
        return switch (Json.read(control.answers().getLast(), Answered.class)) {
            case Checked.Valid<Answered>(var answered) -> answered;
            case Checked.Invalid<Answered>(var problems) -> throw new AssertionError(problems.toString());
        };
    }

    private static Question question(String url) {
        return new Question("q1", new ExplainRequest(url, null, Map.of("Cookie", "a=secret"), null, null));
    }

    @Test
    void isAnsweredWithItsId() {
        control.send("snapshot", SnapshotMessage.of(1, configuration()));
        await().until(() -> control.hasReports() && control.lastReport().snapshotVersion() == 1);

        var answered = ask(question("http://www.test/x"));

        assertThat(answered.questionId()).isEqualTo("q1");
        var explanation = requireNonNull(answered.explanation());
        assertThat(explanation.outcome()).isEqualTo("miss");
        assertThat(explanation.snapshotVersion()).isEqualTo(1);
    }

    @Test
    void isAnsweredBeforeThereIsASnapshot() {
        assertThat(requireNonNull(ask(question("http://www.test/x")).explanation())
                        .why())
                .isEqualTo("no-snapshot-yet");
    }

    @Test
    void aBadOneIsAnsweredWithItsProblems() {
        assertThat(ask(question("nowhere")).problem()).contains("url: \"nowhere\"");
    }

    @Test
    void whatCannotBeReadHoldsUpNothing() {
        control.send("question", "{\"id\": \"q0\", \"explain\": {\"url\": 5}}");
        control.send("question", "not even JSON");

        assertThat(ask(question("http://www.test/x")).questionId()).isEqualTo("q1");
        control.send("caught-up", new CaughtUp("epoch", 0));
        assertThat(control.places()).hasSize(1);
    }

    private static ConfigurationDocument configuration() {
        var text = """
                {"distributions": [{"id": "demo", "name": "demo", "aliases": ["www.test"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "CachingOptimized"}}]}
                """;
        return switch (Json.read(text, ConfigurationDocument.class)) {
            case Checked.Valid<ConfigurationDocument>(var document) -> document;
            case Checked.Invalid<ConfigurationDocument>(var problems) -> throw new AssertionError(problems.toString());
        };
    }
}
