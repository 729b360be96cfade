package dev.nearside.control.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.wire.api.ExplainRequest;
import dev.nearside.model.wire.feed.Answered;
import dev.nearside.model.wire.feed.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class QuestionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Questions questions = new Questions();

    private static Question question(int number) {
        return new Question("q" + number, new ExplainRequest("http://a.test/", null, null, null, null));
    }

    @Test
    void whatNobodyWaitsForAnyMoreIsForgotten() throws Exception {
        var reply = questions.ask("edge", question(1), Duration.ofMillis(10), () -> {});

        assertThat(reply).isInstanceOf(Questions.Reply.Silence.class);
        assertThat(questions.after(0, "edge")).isEmpty();
    }

    @Test
    void oneEdgeIsNotOverrunAndTheOthersAreStillAsked() throws Exception {
        var posed = new CountDownLatch(16);
        var asked = new ArrayList<CompletableFuture<Questions.Reply>>();
        try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                var question = question(i);
                asked.add(CompletableFuture.supplyAsync(() -> ask(question, posed::countDown), askers));
            }
            posed.await();

            assertThat(questions.ask("edge", question(17), PATIENCE, () -> {}))
                    .isInstanceOf(Questions.Reply.Crowded.class);
            assertThat(questions.ask("other", question(18), Duration.ofMillis(10), () -> {}))
                    .isInstanceOf(Questions.Reply.Silence.class);

            for (var waiting : questions.after(0, "edge")) {
                var answered = new Answered(waiting.question().id(), null, "as it is");
                assertThat(questions.answer("other", answered)).isFalse();
                assertThat(questions.answer("edge", answered)).isTrue();
            }
            assertThat(asked).allSatisfy(reply -> assertThat(reply.get()).isInstanceOf(Questions.Reply.Told.class));
        }
    }

    @Test
    void aFeedPicksUpEachQuestionOnce() throws Exception {
        var seen = new ArrayList<Long>();

        questions.ask("edge", question(1), Duration.ofMillis(10), () -> seen.addAll(numbers(0)));
        questions.ask("edge", question(2), Duration.ofMillis(10), () -> seen.addAll(numbers(seen.getLast())));

        assertThat(seen).containsExactly(1L, 2L);
    }

    private List<Long> numbers(long after) {
        var numbers = new ArrayList<Long>();
        for (var waiting : questions.after(after, "edge")) numbers.add(waiting.number());
        return numbers;
    }

    private Questions.Reply ask(Question question, Runnable wake) {
        try {
            return questions.ask("edge", question, PATIENCE, wake);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
