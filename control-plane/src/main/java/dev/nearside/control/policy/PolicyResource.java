package dev.nearside.control.policy;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.ConfigurationRepository;
import dev.nearside.control.configuration.Configurations;
import dev.nearside.control.configuration.Document;
import dev.nearside.control.configuration.Documents;
import dev.nearside.control.configuration.Kind;
import dev.nearside.control.configuration.Refusals;
import dev.nearside.control.configuration.Version;
import dev.nearside.control.configuration.VersionsResource;
import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.model.wire.ManagedPolicies;
import dev.nearside.model.wire.api.CachePolicies;
import dev.nearside.model.wire.api.OriginRequestPolicies;
import dev.nearside.model.wire.api.ResponseHeadersPolicies;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Policies of one kind: list, show, create, update, delete, and their versions.
public final class PolicyResource {
    private final Kind kind;
    private final String path;
    private final Configurations configurations;
    private final ConfigurationRepository repository;
    private final InstantSource clock;
    private final List<PolicyPage> managed;

    /// @param path where in the API the policies of this kind are
    public PolicyResource(
            Kind kind,
            String path,
            Configurations configurations,
            ConfigurationRepository repository,
            InstantSource clock) {
        this.kind = kind;
        this.path = path;
        this.configurations = configurations;
        this.repository = repository;
        this.clock = clock;
        this.managed = Documents.of(ManagedPolicies.document()).stream()
                .filter(document -> document.kind() == kind)
                .map(document -> new PolicyPage(document, Optional.empty(), List.of()))
                .toList();
    }

    public List<Route> routes() {
        var viewer = new AtLeast(Role.VIEWER);
        var operator = new AtLeast(Role.OPERATOR);
        var versions = new VersionsResource(
                kind,
                path,
                configurations,
                repository,
                clock,
                id -> findManaged(id).isPresent(),
                (status, version) -> answer(status, page(version)));
        var own = List.of(
                Route.get(path, viewer, this::list),
                Route.post(path, operator, Route.Body.REQUIRED, this::create),
                Route.get(path + "/{id}", viewer, this::show),
                Route.put(path + "/{id}", operator, this::update),
                Route.delete(path + "/{id}", operator, this::delete));
        return Stream.concat(own.stream(), versions.routes().stream()).toList();
    }

    private Answer list(Call call) {
        return switch (call.query("type").orElse("all")) {
            case "all" -> list(Stream.concat(custom(), managed()));
            case "custom" -> list(custom());
            case "managed" -> list(managed());
            default ->
                Answer.invalid(
                        "type",
                        "\"%s\" (expected: managed or custom)"
                                .formatted(call.query("type").orElse("")));
        };
    }

    private Answer list(Stream<PolicyPage> pages) {
        var items = pages.map(PolicyPage::item).toList();
        return Answer.ok(
                switch (kind) {
                    case CACHE_POLICY -> new CachePolicies(cast(items, CachePolicies.Item.class));
                    case ORIGIN_REQUEST_POLICY ->
                        new OriginRequestPolicies(cast(items, OriginRequestPolicies.Item.class));
                    case RESPONSE_HEADERS_POLICY ->
                        new ResponseHeadersPolicies(cast(items, ResponseHeadersPolicies.Item.class));
                    case DISTRIBUTION -> throw new IllegalStateException("a distribution is no policy");
                });
    }

    private static <T> List<T> cast(List<Record> items, Class<T> type) {
        return items.stream().map(type::cast).toList();
    }

    private Stream<PolicyPage> custom() {
        return repository.latest(kind).stream().map(this::page);
    }

    private Stream<PolicyPage> managed() {
        return managed.stream().map(this::withUsers);
    }

    private Optional<PolicyPage> findManaged(String id) {
        return managed.stream()
                .filter(page -> page.document().id().orElseThrow().equals(id))
                .findFirst()
                .map(this::withUsers);
    }

    private PolicyPage withUsers(PolicyPage page) {
        var id = page.document().id().orElseThrow();
        return new PolicyPage(page.document(), page.saved(), repository.usersOf(id));
    }

    private PolicyPage page(Version version) {
        return new PolicyPage(Document.stored(version), Optional.of(version), repository.usersOf(version.id()));
    }

    private Answer show(Call call) {
        var id = call.parameter("id");
        return findManaged(id)
                .or(() -> repository.findLatest(kind, id).map(this::page))
                .map(page -> answer(200, page))
                .orElseGet(() -> Refusals.notFound(kind, id));
    }

    private Answer create(Call call) {
        return Answer.to(Document.read(kind, call.body()), document -> {
            var outcome = configurations.create(document, by(call));
            return Refusals.to(
                    outcome,
                    kind,
                    "",
                    saved -> answer(201, page(saved.versions().getFirst())));
        });
    }

    private Answer update(Call call) {
        var id = call.parameter("id");
        return Refusals.withIfMatch(
                call,
                etag -> Answer.to(Document.read(kind, call.body()), document -> {
                    var outcome = configurations.update(id, etag, document, by(call));
                    return Refusals.to(
                            outcome,
                            kind,
                            id,
                            saved -> answer(200, page(saved.versions().getFirst())));
                }));
    }

    private Answer delete(Call call) {
        var id = call.parameter("id");
        return Refusals.withIfMatch(call, etag -> {
            var outcome = configurations.delete(kind, id, etag, by(call));
            return Refusals.to(outcome, kind, id, _ -> new Answer.NoContent());
        });
    }

    private Answer answer(int status, PolicyPage page) {
        var headers = status == 201
                ? Map.of(
                        "ETag",
                        page.etag(),
                        "Location",
                        path + "/" + page.document().id().orElseThrow())
                : Map.of("ETag", page.etag());
        return new Answer.Document(status, page.item(), headers);
    }

    private Authorship by(Call call) {
        return Authorship.of(call, clock.instant());
    }
}
