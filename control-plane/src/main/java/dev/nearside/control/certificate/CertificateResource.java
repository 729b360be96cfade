package dev.nearside.control.certificate;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.ConfigurationRepository;
import dev.nearside.control.configuration.Document;
import dev.nearside.control.configuration.Documents;
import dev.nearside.control.configuration.Kind;
import dev.nearside.control.configuration.Refusals;
import dev.nearside.control.fleet.CertificateFeed;
import dev.nearside.control.fleet.EdgeStatus;
import dev.nearside.control.fleet.Fleet;
import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.DistributionDocument;
import dev.nearside.model.wire.api.Certificates;
import dev.nearside.model.wire.api.NewCertificate;
import dev.nearside.model.wire.feed.EdgeReport.ShownCertificate;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import javax.security.auth.x500.X500Principal;

/// Certificates: list, show, upload, replace, delete. No answer, log line or audit entry ever has a key in it.
public final class CertificateResource {
    private static final String PATH = "/api/v1/certificates";

    private final CertificateStore store;
    private final CertificateRepository repository;
    private final ConfigurationRepository configurations;
    private final Fleet fleet;
    private final CertificateFeed feed;
    private final InstantSource clock;

    public CertificateResource(
            CertificateStore store,
            CertificateRepository repository,
            ConfigurationRepository configurations,
            Fleet fleet,
            CertificateFeed feed,
            InstantSource clock) {
        this.store = store;
        this.repository = repository;
        this.configurations = configurations;
        this.fleet = fleet;
        this.feed = feed;
        this.clock = clock;
    }

    public List<Route> routes() {
        var viewer = new AtLeast(Role.VIEWER);
        var operator = new AtLeast(Role.OPERATOR);
        return List.of(
                Route.get(PATH, viewer, _ -> list()),
                Route.post(PATH, operator, Route.Body.REQUIRED, this::create),
                Route.get(PATH + "/{id}", viewer, this::show),
                Route.put(PATH + "/{id}", operator, this::replace),
                Route.delete(PATH + "/{id}", operator, this::delete));
    }

    private Answer list() {
        var distributions = distributions();
        var items = repository.all().stream()
                .map(certificate -> item(certificate, distributions))
                .toList();
        return Answer.ok(new Certificates(items));
    }

    private Answer show(Call call) {
        return repository
                .find(call.parameter("id"))
                .map(certificate -> answer(200, certificate))
                .orElseGet(() -> missing(call));
    }

    private Answer create(Call call) {
        return read(call, pair -> answer(store.create(pair, by(call)), 201, call));
    }

    private Answer replace(Call call) {
        return Refusals.withIfMatch(
                call,
                etag -> read(
                        call, pair -> answer(store.replace(call.parameter("id"), etag, pair, by(call)), 200, call)));
    }

    private Answer delete(Call call) {
        return Refusals.withIfMatch(
                call, etag -> answer(store.delete(call.parameter("id"), etag, by(call)), 204, call));
    }

    private Answer read(Call call, Function<Pair, Answer> answer) {
        if (!call.isConfidential()) {
            return new Answer.Refused(
                    403,
                    "not-confidential",
                    "Not over a connection that others can read",
                    "A private key is taken over TLS, or from the control plane's own machine.");
        }
        return switch (call.document(NewCertificate.class)) {
            case Checked.Valid<NewCertificate>(var sent) -> Answer.to(Pair.read(sent, clock.instant()), answer);
            case Checked.Invalid<NewCertificate>(var problems) -> Answer.invalid(Pair.withoutSecrets(problems));
        };
    }

    private Answer answer(Keeping outcome, int status, Call call) {
        return switch (outcome) {
            case Keeping.Saved(var certificate) -> answer(status, certificate);
            case Keeping.Deleted() -> new Answer.NoContent();
            case Keeping.Invalid(var problems) -> Answer.invalid(problems);
            case Keeping.NameTaken(var name) ->
                Answer.conflict(
                        "name-taken",
                        "The name is taken",
                        "Another certificate has this name.",
                        List.of(new Problem(
                                "name", "\"%s\" (expected: a name that no other certificate has)".formatted(name))));
            case Keeping.Missing() -> missing(call);
            case Keeping.Stale(var current) -> stale(current);
            case Keeping.InUse(var where) ->
                Answer.conflict(
                        "in-use",
                        "The certificate is in use",
                        "Shown by: " + String.join(", ", where),
                        where.stream()
                                .map(user -> new Problem("", "shown by " + user))
                                .toList());
            case Keeping.NoKey(var why) ->
                new Answer.Refused(503, "no-secrets-key", "Keys cannot be sealed", why + "; nothing was changed.");
        };
    }

    private static Answer missing(Call call) {
        return Answer.notFound("There is no certificate " + call.parameter("id"));
    }

    private static Answer stale(Certificate current) {
        var detail =
                "Version %d was saved by %s at %s.".formatted(current.version(), current.author(), current.savedAt());
        var problem = new Problem("If-Match", "not the current version (expected: %s)".formatted(current.etag()));
        return new Answer.Refused(
                412,
                "stale",
                "Somebody saved another version",
                detail,
                List.of(problem),
                Map.of("ETag", current.etag()));
    }

    private Answer answer(int status, Certificate certificate) {
        var headers = status == 201
                ? Map.of("ETag", certificate.etag(), "Location", PATH + "/" + certificate.id())
                : Map.of("ETag", certificate.etag());
        return new Answer.Document(status, item(certificate, distributions()), headers);
    }

    private List<DistributionDocument> distributions() {
        return Documents.of(configurations.latest(Kind.DISTRIBUTION).stream()
                        .map(Document::stored)
                        .toList())
                .distributions();
    }

    private Certificates.Item item(Certificate certificate, List<DistributionDocument> distributions) {
        var now = clock.instant();
        var chain = certificate.chain();
        var leaf = chain.leaf();
        return new Certificates.Item(
                certificate.id(),
                certificate.name(),
                certificate.version(),
                certificate.etag(),
                certificate.createdAt(),
                certificate.savedAt(),
                certificate.author(),
                certificate.comment(),
                name(leaf.getSubjectX500Principal()),
                chain.names().names(),
                name(leaf.getIssuerX500Principal()),
                chain.certificates().stream()
                        .skip(1)
                        .map(X509Certificate::getSubjectX500Principal)
                        .map(CertificateResource::name)
                        .toList(),
                chain.key(),
                leaf.getSerialNumber().toString(16),
                chain.fingerprint(),
                chain.notBefore(),
                chain.notAfter(),
                chain.daysLeft(now),
                chain.expiresSoon(now),
                Uses.of(certificate.id(), distributions),
                edges(certificate),
                chain.warnings(now));
    }

    private static String name(X500Principal principal) {
        return principal.getName();
    }

    private List<Certificates.Edge> edges(Certificate certificate) {
        return fleet.edges().stream()
                .flatMap(status -> edge(certificate, status).stream())
                .toList();
    }

    private Optional<Certificates.Edge> edge(Certificate certificate, EdgeStatus status) {
        var name = status.edge().name();
        var shown = status.report().map(report -> report.certificates()).stream()
                .flatMap(List::stream)
                .filter(each -> each.id().equals(certificate.id()))
                .findFirst();
        boolean isApplied = shown.filter(each -> each.version() == certificate.version() && each.problem() == null)
                .isPresent();
        if (isApplied) return Optional.of(new Certificates.Edge(name, "applied", ""));
        if (!feed.neededBy(status.snapshotVersion()).contains(certificate.id())) return Optional.empty();
        return Optional.of(shown.map(ShownCertificate::problem)
                .map(Objects::requireNonNull)
                .map(problem -> new Certificates.Edge(name, "refused", problem))
                .orElseGet(() -> new Certificates.Edge(name, "waiting", "")));
    }

    private Authorship by(Call call) {
        return Authorship.of(call, clock.instant());
    }
}
