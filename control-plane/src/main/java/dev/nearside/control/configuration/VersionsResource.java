package dev.nearside.control.configuration;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.model.wire.api.VersionDifference;
import dev.nearside.model.wire.api.Versions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/// The history of the documents of one kind: list, show, compare, restore.
public final class VersionsResource {
    private final Kind kind;
    private final String path;
    private final Configurations configurations;
    private final ConfigurationRepository repository;
    private final InstantSource clock;
    private final Predicate<String> isManaged;
    private final BiFunction<Integer, Version, Answer> page;

    /// @param path where in the API the documents of this kind are
    /// @param isManaged tells ids that have no history
    /// @param page shows one version as the document's own resource does, under a status
    public VersionsResource(
            Kind kind,
            String path,
            Configurations configurations,
            ConfigurationRepository repository,
            InstantSource clock,
            Predicate<String> isManaged,
            BiFunction<Integer, Version, Answer> page) {
        this.kind = kind;
        this.path = path;
        this.configurations = configurations;
        this.repository = repository;
        this.clock = clock;
        this.isManaged = isManaged;
        this.page = page;
    }

    public List<Route> routes() {
        var viewer = new AtLeast(Role.VIEWER);
        var versions = path + "/{id}/versions";
        return List.of(
                Route.get(versions, viewer, this::list),
                Route.get(versions + "/{version}", viewer, this::show),
                Route.get(versions + "/{from}/diff/{to}", viewer, this::compare),
                Route.post(
                        versions + "/{version}/restore", new AtLeast(Role.OPERATOR), Route.Body.NONE, this::restore));
    }

    private Answer list(Call call) {
        var id = call.parameter("id");
        if (isManaged.test(id)) return Answer.ok(new Versions(List.of()));
        var savings = repository.savings(kind, id);
        if (savings.isEmpty()) return Refusals.notFound(kind, id);
        return Answer.ok(new Versions(savings.stream()
                .map(saving -> new Versions.Item(saving.number(), saving.at(), saving.author(), saving.comment()))
                .toList()));
    }

    private Answer show(Call call) {
        return find(call, "version").map(version -> page.apply(200, version)).orElseGet(() -> missing(call, "version"));
    }

    private Answer compare(Call call) {
        var from = find(call, "from");
        var to = find(call, "to");
        if (from.isEmpty()) return missing(call, "from");
        if (to.isEmpty()) return missing(call, "to");
        var changes = Difference.between(from.get().document(), to.get().document());
        return Answer.ok(new VersionDifference(from.get().number(), to.get().number(), Comparison.wire(changes)));
    }

    private Answer restore(Call call) {
        var id = call.parameter("id");
        return Refusals.withIfMatch(call, etag -> {
            var number = number(call.parameter("version"));
            // A number that none can be is a version that is not there, unless the policy is none to restore.
            var outcome =
                    configurations.restore(kind, id, number.orElse(0), etag, Authorship.of(call, clock.instant()));
            return Refusals.to(
                    outcome,
                    kind,
                    id + ", version " + call.parameter("version"),
                    saved -> page.apply(200, saved.versions().getFirst()));
        });
    }

    private Optional<Version> find(Call call, String parameter) {
        return number(call.parameter(parameter))
                .flatMap(number -> repository.findVersion(kind, call.parameter("id"), number));
    }

    private Answer missing(Call call, String parameter) {
        return Refusals.notFound(kind, call.parameter("id") + ", version " + call.parameter(parameter));
    }

    private static Optional<Integer> number(String text) {
        try {
            return Optional.of(Integer.parseInt(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }
}
