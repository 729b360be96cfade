package dev.nearside.control.fleet;

import static dev.nearside.control.http.Route.Body.REQUIRED;

import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.Requirement.AnEdge;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problems;
import dev.nearside.model.wire.ExplainReader;
import dev.nearside.model.wire.api.ExplainRequest;
import dev.nearside.model.wire.feed.Answered;
import dev.nearside.model.wire.feed.Question;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks an edge what it would do with a request, and why; the headers of that request are never logged.
public final class ExplainResource {
    private final Fleet fleet;
    private final Feed feed;
    private final Questions questions;
    private final Supplier<String> ids;
    private final InstantSource clock;
    private final Duration patience;

    /// @param patience how long an edge may take for its answer
    public ExplainResource(
            Fleet fleet, Feed feed, Questions questions, Supplier<String> ids, InstantSource clock, Duration patience) {
        this.fleet = fleet;
        this.feed = feed;
        this.questions = questions;
        this.ids = ids;
        this.clock = clock;
        this.patience = patience;
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/api/v1/explain", new AtLeast(Role.VIEWER), REQUIRED, this::explain),
                Route.post("/edge/v1/answers", new AnEdge(), REQUIRED, this::answer));
    }

    private Answer explain(Call call) throws InterruptedException {
        return switch (call.document(ExplainRequest.class).then(ExplainReader::read)) {
            case Checked.Invalid<ExplainRequest>(var problems) -> Answer.invalid(problems);
            case Checked.Valid<ExplainRequest>(var request) ->
                switch (choose(Optional.ofNullable(request.edge()))) {
                    case Choice.Refused(var why) -> why;
                    case Choice.Chosen(var edge) -> ask(edge, request);
                };
        };
    }

    /// Whom to ask.
    private sealed interface Choice {
        record Chosen(EdgeStatus edge) implements Choice {}

        record Refused(Answer why) implements Choice {}
    }

    private Choice choose(Optional<String> name) {
        var now = clock.instant();
        if (name.isEmpty()) {
            return fleet.edges().stream()
                    .filter(edge -> edge.isReachable(now) && edge.feeds() > 0)
                    .findFirst()
                    .<Choice>map(Choice.Chosen::new)
                    .orElseGet(() -> new Choice.Refused(new Answer.Refused(
                            503, "no-edge", "No edge is connected", "An edge has to be connected to be asked.")));
        }
        var known = fleet.edges().stream()
                .filter(edge -> edge.edge().name().equals(name.get()))
                .findFirst();
        if (known.isEmpty()) {
            return new Choice.Refused(
                    Answer.invalid("edge", "\"%s\" (expected: the name of an enrolled edge)".formatted(name.get())));
        }
        if (!known.get().isReachable(now)) {
            return unreachable("Edge %s was last seen at %s."
                    .formatted(name.get(), known.get().lastSeen()));
        }
        // A question goes to the feeds of this control plane alone.
        return known.get().feeds() > 0
                ? new Choice.Chosen(known.get())
                : unreachable("Edge %s follows another control plane: ask that one.".formatted(name.get()));
    }

    private static Choice unreachable(String detail) {
        return new Choice.Refused(new Answer.Refused(503, "edge-unreachable", "The edge is not connected", detail));
    }

    private Answer ask(EdgeStatus status, ExplainRequest request) throws InterruptedException {
        var edge = status.edge();
        var question = new Question(ids.get(), request.forEdge(null));
        return switch (questions.ask(edge.id(), question, patience, feed::wake)) {
            case Questions.Reply.Told(var answered) -> told(edge.name(), answered);
            case Questions.Reply.Silence() ->
                new Answer.Refused(
                        504,
                        "edge-silent",
                        "The edge did not answer",
                        "Edge %s was asked and said nothing for %d s.".formatted(edge.name(), patience.toSeconds()));
            case Questions.Reply.Crowded() ->
                new Answer.Refused(
                        503,
                        "edge-busy",
                        "The edge is busy",
                        "Too many questions wait for edge %s already.".formatted(edge.name()));
        };
    }

    private static Answer told(String edge, Answered answered) {
        var explanation = answered.explanation();
        if (explanation != null) return Answer.ok(explanation);
        var problem = answered.problem();
        return new Answer.Refused(
                502,
                "edge-failed",
                "The edge could not tell",
                "Edge %s: %s".formatted(edge, problem == null ? "it said nothing" : problem));
    }

    private Answer answer(Call call) {
        return Answer.to(
                call.documentOfAnyRelease(Answered.class).then(ExplainResource::complete),
                answered -> questions.answer(call.edge(), answered)
                        ? new Answer.NoContent()
                        : Answer.notFound("Nobody waits for an answer to question " + answered.questionId()));
    }

    private static Checked<Answered> complete(Answered answered) {
        var problems = Problems.none();
        if (isMissing(answered.questionId())) problems.at("questionId").add("missing (expected: a question's id)");
        return Checked.of(answered, problems.list());
    }

    /// A document may lack what the type promises.
    private static boolean isMissing(@Nullable Object value) {
        return value == null;
    }
}
