package dev.nearside.control.configuration;

import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.model.check.Problem;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/// How the API says that a change was not made; the same words for all four kinds.
public final class Refusals {
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

    /// The answer to whatever became of a change.
    public static Answer to(Outcome outcome, Kind kind, String id, Function<Outcome.Saved, Answer> saved) {
        return switch (outcome) {
            case Outcome.Saved done -> saved.apply(done);
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
            case Outcome.Managed() ->
                new Answer.Refused(
                        400,
                        "illegal-update",
                        "Managed policies cannot be changed",
                        "Policy %s comes with Nearside. Make a custom policy with the same settings to change them."
                                .formatted(id));
            case Outcome.InUse(var distributions) ->
                Answer.conflict(
                        "in-use",
                        "The %s is in use".formatted(kind.words()),
                        "Distributions that select it: " + String.join(", ", distributions),
                        distributions.stream()
                                .map(name -> new Problem("", "selected by distribution " + name))
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
                Map.of("ETag", current.etag()));
    }
}
