package dev.nearside.control.configuration;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.api.Imported;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/// A whole configuration at once, as a deploy script sends it.
public final class ImportResource {
    private final Configurations configurations;
    private final InstantSource clock;

    public ImportResource(Configurations configurations, InstantSource clock) {
        this.configurations = configurations;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(Route.post("/api/v1/config", new AtLeast(Role.OPERATOR), Route.Body.REQUIRED, this::save));
    }

    private Answer save(Call call) {
        return Answer.to(call.document(ConfigurationDocument.class), configuration -> {
            var by = Authorship.of(call, clock.instant());
            var outcome = configurations.save(configuration, by);
            return Refusals.to(
                    outcome,
                    Kind.DISTRIBUTION,
                    "",
                    saved -> Answer.ok(new Imported(saved.versions().stream()
                            .map(version -> item(version, saved))
                            .toList())));
        });
    }

    private static Imported.Item item(Version version, Outcome.Saved saved) {
        var change = !saved.changed().contains(version) ? "unchanged" : version.number() == 1 ? "created" : "updated";
        var kind = version.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return new Imported.Item(kind, version.id(), version.name(), version.number(), change);
    }
}
