package dev.nearside.control.distribution;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.certificate.Expiry;
import dev.nearside.control.configuration.ConfigurationRepository;
import dev.nearside.control.configuration.Configurations;
import dev.nearside.control.configuration.Document;
import dev.nearside.control.configuration.Kind;
import dev.nearside.control.configuration.Refusals;
import dev.nearside.control.configuration.Version;
import dev.nearside.control.configuration.VersionsResource;
import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.control.publish.Publishing;
import dev.nearside.control.publish.Publishing.Spreads;
import dev.nearside.model.wire.api.Distributions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Distributions: list, show, create, update, delete, and their versions.
public final class DistributionResource {
    private static final String PATH = "/api/v1/distributions";

    private final Configurations configurations;
    private final ConfigurationRepository repository;
    private final Publishing publishing;
    private final Expiry expiry;
    private final InstantSource clock;

    public DistributionResource(
            Configurations configurations,
            ConfigurationRepository repository,
            Publishing publishing,
            Expiry expiry,
            InstantSource clock) {
        this.configurations = configurations;
        this.repository = repository;
        this.publishing = publishing;
        this.expiry = expiry;
        this.clock = clock;
    }

    public List<Route> routes() {
        var viewer = new AtLeast(Role.VIEWER);
        var operator = new AtLeast(Role.OPERATOR);
        var versions = new VersionsResource(
                Kind.DISTRIBUTION, PATH, configurations, repository, clock, _ -> false, this::answer);
        var own = List.of(
                Route.get(PATH, viewer, _ -> list()),
                Route.post(PATH, operator, Route.Body.REQUIRED, this::create),
                Route.get(PATH + "/{id}", viewer, this::show),
                Route.put(PATH + "/{id}", operator, this::update),
                Route.delete(PATH + "/{id}", operator, this::delete));
        return Stream.concat(own.stream(), versions.routes().stream()).toList();
    }

    private Answer list() {
        var spreads = publishing.spreads();
        var warnings = expiry.warnings();
        var items = repository.latest(Kind.DISTRIBUTION).stream()
                .map(version -> item(version, spreads, warnings))
                .toList();
        return Answer.ok(new Distributions(items));
    }

    private Answer show(Call call) {
        var id = call.parameter("id");
        return repository
                .findLatest(Kind.DISTRIBUTION, id)
                .map(version -> answer(200, version))
                .orElseGet(() -> Refusals.notFound(Kind.DISTRIBUTION, id));
    }

    private Answer create(Call call) {
        return Answer.to(Document.read(Kind.DISTRIBUTION, call.body()), document -> {
            var outcome = configurations.create(document, by(call));
            return Refusals.to(outcome, Kind.DISTRIBUTION, "", saved -> {
                var created = saved.versions().getFirst();
                return answer(201, created);
            });
        });
    }

    private Answer update(Call call) {
        var id = call.parameter("id");
        return Refusals.withIfMatch(
                call,
                etag -> Answer.to(Document.read(Kind.DISTRIBUTION, call.body()), document -> {
                    var outcome = configurations.update(id, etag, document, by(call));
                    return Refusals.to(
                            outcome,
                            Kind.DISTRIBUTION,
                            id,
                            saved -> answer(200, saved.versions().getFirst()));
                }));
    }

    private Answer delete(Call call) {
        var id = call.parameter("id");
        return Refusals.withIfMatch(call, etag -> {
            var outcome = configurations.delete(Kind.DISTRIBUTION, id, etag, by(call));
            return Refusals.to(outcome, Kind.DISTRIBUTION, id, _ -> new Answer.NoContent());
        });
    }

    private Answer answer(int status, Version version) {
        var item = item(version, publishing.spreads(), expiry.warnings());
        var headers = status == 201
                ? Map.of("ETag", version.etag(), "Location", PATH + "/" + version.id())
                : Map.of("ETag", version.etag());
        return new Answer.Document(status, item, headers);
    }

    private static Distributions.Item item(Version version, Spreads spreads, Expiry.Warnings warnings) {
        return switch (Document.stored(version)) {
            case Document.OfDistribution(var config) ->
                new Distributions.Item(
                        version.id(),
                        version.number(),
                        version.etag(),
                        version.savedAt(),
                        version.author(),
                        version.comment(),
                        spreads.of(version).word(),
                        config.viewerCertificate() == null ? "http-only" : "http-and-https",
                        warnings.of(config),
                        config);
            case Document.OfCachePolicy _, Document.OfOriginRequestPolicy _, Document.OfResponseHeadersPolicy _ ->
                throw new IllegalArgumentException(version.kind() + " is no distribution");
        };
    }

    private Authorship by(Call call) {
        return Authorship.of(call, clock.instant());
    }
}
