package dev.nearside.control.configuration;

import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.api.DocumentDifference;
import dev.nearside.model.wire.api.ProblemDocument;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// How the API says that a change was not made; the same words for all four kinds.
public final class Refusals {
    /// Matches whatever is there (RFC 9110 §13.1.1).
    public static final String ANYTHING = "*";

    private static final Pattern STRONG_ETAG = Pattern.compile("\"[^\"]*\"");

    private Refusals() {}

    /// The answer to a change that names the version it was made on; a refusal if it names none.
    public static Answer withIfMatch(Call call, Function<String, Answer> change) {
        var etag = call.header("if-match");
        if (etag.isEmpty()) {
            return new Answer.Refused(
                    428,
                    "precondition-required",
                    "Precondition required",
                    "If-Match must name the version that this change was made on, as its ETag.");
        }
        if (!STRONG_ETAG.matcher(etag.get()).matches()) {
            return Answer.invalid("If-Match", "%s (expected: one quoted ETag)".formatted(etag.get()));
        }
        return change.apply(etag.get());
    }

    /// The ETag that a change of many documents names, `*` for whatever is there; none if it names none.
    public static Checked<Optional<String>> ifMatch(Call call) {
        var etag = call.header("if-match");
        return etag.isEmpty()
                        || etag.get().equals(ANYTHING)
                        || STRONG_ETAG.matcher(etag.get()).matches()
                ? new Checked.Valid<>(etag)
                : new Checked.Invalid<>(
                        List.of(new Problem("If-Match", "%s (expected: one quoted ETag, or *)".formatted(etag.get()))));
    }

    /// The answer to whatever became of a change.
    public static Answer to(Outcome outcome, Kind kind, String id, Function<Outcome.Saved, Answer> saved) {
        return switch (outcome) {
            case Outcome.Saved done -> saved.apply(done);
            case Outcome.Applied _ -> throw new IllegalStateException("one document is not the whole configuration");
            case Outcome.Deleted() -> new Answer.NoContent();
            case Outcome.Invalid(var problems) -> Answer.invalid(problems);
            case Outcome.NameTaken(var problems) ->
                Answer.conflict(
                        "name-taken",
                        "The name is taken",
                        "Another %s has this name.".formatted(kind.words()),
                        problems);
            case Outcome.Missing() -> notFound(kind, id);
            case Outcome.Stale(var current) -> stale(current);
            case Outcome.StaleWhole(var what, var etag) -> staleWhole(what, etag);
            case Outcome.Unguarded(var what, var etag, var lost) -> unguarded(what, etag, lost);
            case Outcome.Managed() ->
                Answer.conflict(
                        "managed-policy",
                        "Managed policies cannot be changed",
                        "Policy %s comes with Nearside. Make a custom policy with the same settings to change them."
                                .formatted(id),
                        List.of());
            case Outcome.InUse(var users) ->
                Answer.conflict(
                        "in-use",
                        "The %s is in use".formatted(kind.words()),
                        "It is selected by " + String.join(", ", users) + ".",
                        users.stream()
                                .map(user -> new Problem("", "selected by " + user))
                                .toList());
            case Outcome.NotDisabled() ->
                Answer.conflict(
                        "distribution-not-disabled",
                        "The distribution is not disabled",
                        "Only a disabled distribution can be deleted: save it with \"enabled\": false first.",
                        List.of());
        };
    }

    public static Answer.Refused notFound(Kind kind, String id) {
        return Answer.notFound("There is no %s %s".formatted(kind.words(), id));
    }

    private static Answer stale(Version current) {
        var detail =
                "Version %d was saved by %s at %s.".formatted(current.number(), current.author(), current.savedAt());
        var problem = new Problem("If-Match", "not the current version (expected: %s)".formatted(current.etag()));
        return new Answer.Refused(
                412,
                "stale",
                "Somebody saved another version",
                detail,
                List.of(problem),
                Map.of("ETag", current.etag()),
                Optional.of(new ProblemDocument.Current(
                        current.etag(),
                        (long) current.number(),
                        current.savedAt(),
                        current.author(),
                        current.comment(),
                        Difference.tree(current.document()))));
    }

    private static Answer staleWhole(String what, String etag) {
        return new Answer.Refused(
                412,
                "stale",
                "The %s changed meanwhile".formatted(what),
                "Read it again: somebody saved or published something.",
                List.of(new Problem("If-Match", "not the current %s (expected: %s)".formatted(what, etag))),
                Map.of("ETag", etag),
                Optional.of(new ProblemDocument.Current(etag, null, null, null, null, null)));
    }

    private static Answer unguarded(String what, String etag, List<DocumentDifference> lost) {
        return new Answer.Refused(
                428,
                "precondition-required",
                "Precondition required",
                "If-Match must name the %s that this was made on, as its ETag, or be * for whatever is there."
                        .formatted(what),
                lost.stream()
                        .map(document -> new Problem(
                                "If-Match",
                                "missing (expected: %s, since %s %s would be %s)"
                                        .formatted(etag, document.kind(), document.name(), document.change())))
                        .toList(),
                Map.of("ETag", etag));
    }
}
