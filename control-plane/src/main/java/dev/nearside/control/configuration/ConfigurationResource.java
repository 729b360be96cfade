package dev.nearside.control.configuration;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.Configurations.Others;
import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.api.ConfigurationDifference;
import dev.nearside.model.wire.api.Imported;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The whole configuration at once, and what of it is not published: configuration as code.
public final class ConfigurationResource {
    private static final String PATH = "/api/v1/config";
    private static final String DRAFT = "/api/v1/draft";
    private static final String DRY_RUN = "dryRun";
    private static final int LARGEST_BODY = 8 << 20;

    /// They are held against each other while nobody else can change anything.
    private static final int MOST_DOCUMENTS = 10_000;

    private final Configurations configurations;
    private final ConfigurationRepository repository;
    private final InstantSource clock;

    public ConfigurationResource(
            Configurations configurations, ConfigurationRepository repository, InstantSource clock) {
        this.configurations = configurations;
        this.repository = repository;
        this.clock = clock;
    }

    public List<Route> routes() {
        var viewer = new AtLeast(Role.VIEWER);
        var operator = new AtLeast(Role.OPERATOR);
        return List.of(
                Route.get(PATH, viewer, _ -> export()),
                Route.put(PATH, operator, this::replace).upTo(LARGEST_BODY).with(DRY_RUN),
                Route.post(PATH, operator, Route.Body.REQUIRED, this::add).upTo(LARGEST_BODY),
                Route.get(DRAFT, viewer, _ -> draft()),
                Route.delete(DRAFT, operator, this::discard));
    }

    private Answer export() {
        var text = ConfigurationText.of(repository.latest());
        return new Answer.Text(200, "application/json", text.text(), Map.of("ETag", text.etag()));
    }

    private Answer replace(Call call) {
        return Answer.to(
                dryRun(call),
                dryRun -> apply(call, Others.GO, dryRun, applied -> {
                    var text = ConfigurationText.of(dryRun ? applied.before() : applied.after());
                    var draft = new Draft(repository.published(), dryRun ? applied.before() : applied.after());
                    return new Answer.Document(
                            200,
                            new ConfigurationDifference(
                                    dryRun,
                                    text.etag(),
                                    draft.etag(),
                                    Comparison.of(applied.before(), applied.after())),
                            Map.of("ETag", text.etag()));
                }));
    }

    private static Checked<Boolean> dryRun(Call call) {
        return switch (call.query(DRY_RUN).orElse("false")) {
            case "true" -> new Checked.Valid<>(true);
            case "false" -> new Checked.Valid<>(false);
            default ->
                new Checked.Invalid<>(List.of(new Problem(
                        DRY_RUN,
                        "\"%s\" (expected: true or false)"
                                .formatted(call.query(DRY_RUN).orElse("")))));
        };
    }

    private Answer add(Call call) {
        return apply(
                call,
                Others.STAY,
                false,
                applied -> Answer.ok(new Imported(applied.versions().stream()
                        .map(version -> item(version, applied))
                        .toList())));
    }

    private Answer apply(Call call, Others others, boolean dryRun, Function<Outcome.Applied, Answer> done) {
        return Answer.to(
                Refusals.ifMatch(call),
                etag -> Answer.to(
                        call.document(ConfigurationDocument.class).then(ConfigurationResource::withinReason),
                        configuration ->
                                answer(configurations.apply(configuration, others, etag, dryRun, by(call)), done)));
    }

    private static Checked<ConfigurationDocument> withinReason(ConfigurationDocument configuration) {
        int documents = Documents.of(configuration).size();
        return documents <= MOST_DOCUMENTS
                ? new Checked.Valid<>(configuration)
                : new Checked.Invalid<>(List.of(
                        new Problem("", "%d documents (expected: at most %d)".formatted(documents, MOST_DOCUMENTS))));
    }

    private static Imported.Item item(Version version, Outcome.Applied applied) {
        var change = applied.before().contains(version)
                ? "unchanged"
                : applied.before().stream()
                                .anyMatch(before -> before.kind() == version.kind()
                                        && before.id().equals(version.id()))
                        ? "updated"
                        : "created";
        return new Imported.Item(version.kind().word(), version.id(), version.name(), version.number(), change);
    }

    private Answer draft() {
        return answer(Draft.of(repository));
    }

    private Answer discard(Call call) {
        return Answer.to(
                Refusals.ifMatch(call),
                etag -> answer(configurations.discard(etag, by(call)), _ -> answer(Draft.of(repository))));
    }

    private static Answer answer(Draft draft) {
        return new Answer.Document(
                200,
                new dev.nearside.model.wire.api.Draft(draft.published().snapshot(), draft.etag(), draft.differences()),
                Map.of("ETag", draft.etag()));
    }

    private static Answer answer(Outcome outcome, Function<Outcome.Applied, Answer> done) {
        return outcome instanceof Outcome.Applied applied
                ? done.apply(applied)
                : Refusals.to(outcome, Kind.DISTRIBUTION, "", _ -> new Answer.NoContent());
    }

    private Authorship by(Call call) {
        return Authorship.of(call, clock.instant());
    }
}
