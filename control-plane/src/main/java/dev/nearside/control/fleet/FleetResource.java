package dev.nearside.control.fleet;

import static dev.nearside.control.http.Route.Body.NONE;
import static dev.nearside.control.http.Route.Body.OPTIONAL;
import static dev.nearside.control.http.Route.Body.REQUIRED;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.Refusals;
import dev.nearside.control.fleet.FleetRepository.Decision;
import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.PlainText;
import dev.nearside.control.http.Requirement;
import dev.nearside.control.http.Requirement.AnEdge;
import dev.nearside.control.http.Requirement.Anyone;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.check.Problems;
import dev.nearside.model.wire.LabelsReader;
import dev.nearside.model.wire.api.EdgeChange;
import dev.nearside.model.wire.api.Edges;
import dev.nearside.model.wire.api.EnrolmentToken;
import dev.nearside.model.wire.api.EnrolmentTokens;
import dev.nearside.model.wire.api.NewEnrolmentToken;
import dev.nearside.model.wire.feed.EdgeReport;
import dev.nearside.model.wire.feed.EdgeReport.ShownCertificate;
import dev.nearside.model.wire.feed.Enrolment;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The edges' part of the API: for operators who look after them, and for the edges themselves.
public final class FleetResource {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String NAME_EXPECTED = "1 to 64 letters, digits, '-', '_' and '.'";
    private static final int LONGEST_WORD = 64;

    /// Of why an edge refused a snapshot.
    private static final int MOST_WORDS = 100;

    private static final int LONGEST_SAID = 1_000;
    private static final int MOST_CERTIFICATES = 10_000;
    private static final String BELOW_ZERO = "an amount below zero (expected: zero or more)";

    /// Nobody has proved who they are yet; 32 labels have room.
    private static final int SMALL_BODY = 16 << 10;

    /// The counters of many thousands of distributions.
    private static final int LARGEST_REPORT = 4 << 20;

    private static final Requirement VIEWER = new AtLeast(Role.VIEWER);
    private static final Requirement OPERATOR = new AtLeast(Role.OPERATOR);
    private static final Requirement ADMIN = new AtLeast(Role.ADMIN);

    private final Fleet fleet;
    private final Feed feed;
    private final BiConsumer<String, EdgeReport> counters;
    private final InstantSource clock;

    /// @param counters takes what an edge counted
    public FleetResource(Fleet fleet, Feed feed, BiConsumer<String, EdgeReport> counters, InstantSource clock) {
        this.fleet = fleet;
        this.feed = feed;
        this.counters = counters;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/edges", VIEWER, _ -> list()),
                Route.get("/api/v1/edges/{id}", VIEWER, this::show),
                Route.put("/api/v1/edges/{id}", OPERATOR, this::label),
                Route.delete("/api/v1/edges/{id}", ADMIN, this::revoke),
                Route.post("/api/v1/edges/{id}/drain", OPERATOR, NONE, call -> drain(call, true)),
                Route.post("/api/v1/edges/{id}/undrain", OPERATOR, NONE, call -> drain(call, false)),
                Route.post("/api/v1/edges/{id}/rotate", ADMIN, NONE, this::rotate),
                Route.get("/api/v1/enrolment-tokens", ADMIN, _ -> invited()),
                Route.post("/api/v1/enrolment-tokens", ADMIN, OPTIONAL, this::invite),
                Route.delete("/api/v1/enrolment-tokens/{id}", ADMIN, this::withdraw),
                Route.post("/edge/v1/enrol", new Anyone(), REQUIRED, this::enrol)
                        .upTo(SMALL_BODY),
                Route.post("/edge/v1/credential", new AnEdge(), NONE, this::fetchCredential),
                Route.get("/edge/v1/feed", new AnEdge(), this::follow),
                Route.post("/edge/v1/reports", new AnEdge(), REQUIRED, this::report)
                        .upTo(LARGEST_REPORT));
    }

    private Answer list() {
        return Answer.ok(new Edges(fleet.edges().stream().map(this::item).toList()));
    }

    private Answer show(Call call) {
        return fleet.find(call.parameter("id")).<Answer>map(this::item200).orElseGet(() -> noSuchEdge(call));
    }

    private Answer item200(EdgeStatus status) {
        return new Answer.Document(
                200, item(status), Map.of("ETag", status.edge().standing().etag()));
    }

    private Answer label(Call call) {
        return Refusals.withIfMatch(
                call,
                etag -> Answer.to(call.document(EdgeChange.class).then(FleetResource::labels), labels -> {
                    var by = Authorship.of(call, clock.instant());
                    return decided(fleet.label(call.parameter("id"), etag, labels, by), call);
                }));
    }

    private static Checked<Map<String, String>> labels(EdgeChange change) {
        if (change.labels() == null) {
            var missing = new Problem("labels", "missing (expected: all labels that the edge is to have)");
            return new Checked.Invalid<>(List.of(missing));
        }
        return LabelsReader.read(change.labels());
    }

    private Answer drain(Call call, boolean drained) {
        return decided(fleet.drain(call.parameter("id"), drained, Authorship.of(call, clock.instant())), call);
    }

    private Answer rotate(Call call) {
        return decided(fleet.orderRotation(call.parameter("id"), Authorship.of(call, clock.instant())), call);
    }

    private Answer decided(Decision decision, Call call) {
        return switch (decision) {
            case Decision.Taken(var edge) ->
                fleet.find(edge.id()).map(this::item200).orElseGet(() -> noSuchEdge(call));
            case Decision.NoSuchEdge() -> noSuchEdge(call);
            case Decision.Stale(var edge) -> stale(edge.standing());
            case Decision.NotOrdered() -> throw new IllegalStateException("only an edge asks for that");
        };
    }

    private static Answer stale(Standing current) {
        var problem = new Problem("If-Match", "not the current version (expected: %s)".formatted(current.etag()));
        return new Answer.Refused(
                412,
                "stale",
                "Somebody decided something else",
                "The edge has been changed since it was read; it is at %s now.".formatted(current.etag()),
                List.of(problem),
                Map.of("ETag", current.etag()));
    }

    private Answer invited() {
        var items = fleet.invited().stream()
                .map(token -> new EnrolmentTokens.Item(
                        token.id(), token.edgeName().orElse(null), token.createdAt(), token.expiresAt()))
                .toList();
        return Answer.ok(new EnrolmentTokens(items));
    }

    private Answer withdraw(Call call) {
        var id = call.parameter("id");
        return fleet.withdraw(id, Authorship.of(call, clock.instant()))
                ? new Answer.NoContent()
                : Answer.notFound("There is no unused enrolment token " + id);
    }

    private Answer fetchCredential(Call call) {
        return switch (fleet.fetchCredential(call.edge())) {
            case Fleet.Fetched.Fresh(var edge, var credential) ->
                new Answer.Document(
                        201, new dev.nearside.model.wire.feed.Enrolled(edge.id(), edge.name(), credential), Map.of());
            case Fleet.Fetched.NotOrdered() ->
                Answer.conflict(
                        "no-rotation",
                        "Nobody ordered a new credential",
                        "An operator orders it with POST /api/v1/edges/{id}/rotate.",
                        List.of());
        };
    }

    private Answer revoke(Call call) {
        var by = Authorship.of(call, clock.instant());
        return fleet.revoke(call.parameter("id"), by) ? new Answer.NoContent() : noSuchEdge(call);
    }

    private static Answer noSuchEdge(Call call) {
        return Answer.notFound("There is no edge " + call.parameter("id"));
    }

    private Edges.Item item(EdgeStatus status) {
        var edge = status.edge();
        var report = status.report();
        var refused = report.map(EdgeReport::refused);
        var cache = report.map(EdgeReport::cache).orElseGet(() -> new EdgeReport.Cache(0, 0, 0, 0, 0, false));
        return new Edges.Item(
                edge.id(),
                edge.name(),
                status.state(clock.instant()).word(),
                edge.standing().etag(),
                edge.standing().labels(),
                status.isDrained(),
                edge.standing().drainedAt().orElse(null),
                edge.standing().credentialSince(),
                edge.standing().rotationOrderedAt().orElse(null),
                edge.enrolledAt(),
                status.lastSeen(),
                report.map(EdgeReport::startTime).orElse(null),
                report.map(EdgeReport::version).orElse(edge.softwareVersion()),
                report.map(EdgeReport::snapshotVersion).orElse(null),
                refused.map(EdgeReport.Refused::version).orElse(null),
                refused.map(why -> String.join("; ", why.problems())).orElse(null),
                report.map(EdgeReport::position).orElse(edge.enrolledPosition()),
                cache.memoryUsed(),
                cache.memoryLimit(),
                cache.diskUsed(),
                cache.diskLimit(),
                cache.objects(),
                cache.recovered(),
                certificateProblems(report));
    }

    private static List<String> certificateProblems(Optional<EdgeReport> report) {
        return report.map(EdgeReport::certificates).stream()
                .flatMap(List::stream)
                .filter(shown -> shown.problem() != null)
                .map(shown -> shown.id() + ": " + shown.problem())
                .toList();
    }

    private Answer invite(Call call) {
        if (call.body().length == 0) return invite(call, Optional.empty());
        return Answer.to(call.document(NewEnrolmentToken.class), wanted -> {
            var name = Optional.ofNullable(wanted.name());
            if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
                return Answer.invalid("name", "\"%s\" (expected: %s)".formatted(name.get(), NAME_EXPECTED));
            }
            return invite(call, name);
        });
    }

    private Answer invite(Call call, Optional<String> name) {
        var by = Authorship.of(call, clock.instant());
        var invitation = fleet.invite(name, by);
        return new Answer.Document(201, new EnrolmentToken(invitation.token(), invitation.expiresAt()), Map.of());
    }

    private Answer enrol(Call call) {
        return Answer.to(call.documentOfAnyRelease(Enrolment.class).then(FleetResource::complete), asked -> {
            var labels = asked.labels() == null ? Map.<String, String>of() : asked.labels();
            var entry = fleet.enrol(said(asked.token()), said(asked.name()), said(asked.version()), labels);
            return switch (entry) {
                case Fleet.Entry.Admitted(var edge, var credential) ->
                    new Answer.Document(
                            201,
                            new dev.nearside.model.wire.feed.Enrolled(edge.id(), edge.name(), credential),
                            Map.of());
                case Fleet.Entry.BadToken() ->
                    new Answer.Refused(
                            401,
                            "bad-enrolment-token",
                            "Not a valid enrolment token",
                            "The token is unknown, was used before, has expired, or was made for another name.");
                case Fleet.Entry.NameTaken() ->
                    Answer.conflict(
                            "name-taken",
                            "The name is taken",
                            "An edge of this name is enrolled. To replace it, use a token made for this very name,"
                                    + " or revoke it first.",
                            List.of());
            };
        });
    }

    private static Checked<Enrolment> complete(Enrolment asked) {
        var problems = Problems.none();
        if (said(asked.token()).isEmpty()) problems.at("token").add("missing (expected: an enrolment token)");
        if (!NAME.matcher(said(asked.name())).matches()) {
            problems.at("name").add(said(asked.name()), NAME_EXPECTED);
        }
        problems.at("version").add(PlainText.problemOfLine(said(asked.version()), LONGEST_WORD));
        LabelsReader.read(asked.labels()).problems().forEach(problems::add);
        return Checked.of(asked, problems.list());
    }

    private static String said(@Nullable String maybe) {
        return maybe == null ? "" : maybe;
    }

    private Answer follow(Call call) {
        var lastEventId = call.header("last-event-id");
        return new Answer.Events(sink -> feed.stream(call.edge(), lastEventId, call.isConfidential(), sink));
    }

    private Answer report(Call call) {
        return Answer.to(call.documentOfAnyRelease(EdgeReport.class).then(FleetResource::complete), report -> {
            fleet.report(call.edge(), shortened(report));
            counters.accept(call.edge(), report);
            return new Answer.NoContent();
        });
    }

    /// What is kept of a report: counts are kept elsewhere, and what an edge says at length nobody reads to its end.
    private static EdgeReport shortened(EdgeReport report) {
        var refused = report.refused();
        var shown = report.certificates();
        return report.with(
                refused == null
                        ? null
                        : new EdgeReport.Refused(
                                refused.version(),
                                refused.problems().stream()
                                        .limit(MOST_WORDS)
                                        .map(FleetResource::shortened)
                                        .toList()),
                shown == null
                        ? null
                        : shown.stream()
                                .limit(MOST_CERTIFICATES)
                                .map(each -> new ShownCertificate(
                                        each.id(),
                                        each.version(),
                                        each.problem() == null ? null : shortened(each.problem())))
                                .toList());
    }

    private static String shortened(String said) {
        return PlainText.lineOf(said, LONGEST_SAID);
    }

    private static Checked<EdgeReport> complete(EdgeReport report) {
        var problems = Problems.none();
        word(report.runId(), problems.at("runId"));
        require(report.startTime(), problems.at("startTime"));
        require(report.sentAt(), problems.at("sentAt"));
        word(report.version(), problems.at("version"));
        word(report.epoch(), problems.at("epoch"));
        amount(report.snapshotVersion(), problems.at("snapshotVersion"));
        amount(report.position(), problems.at("position"));
        require(report.cache(), problems.at("cache"));
        require(report.counters(), problems.at("counters"));
        if (report.service() != null) {
            amount(report.service().serverErrors(), problems.at("service").at("serverErrors"));
            require(report.service().latency(), problems.at("service").at("latency"));
        }
        if (report.refused() != null)
            require(report.refused().problems(), problems.at("refused").at("problems"));
        var certificates = report.certificates() == null ? List.<ShownCertificate>of() : report.certificates();
        for (int i = 0; i < certificates.size(); i++) {
            word(certificates.get(i).id(), problems.at("certificates").at(i).at("id"));
        }
        if (problems.isEmpty()) judgeCounts(report, problems);
        return Checked.of(report, problems.list());
    }

    private static void judgeCounts(EdgeReport report, Problems problems) {
        if (!report.cache().hasNothingBelowZero()) problems.at("cache").add(BELOW_ZERO);
        var service = report.service();
        if (service != null && service.latency().stream().anyMatch(viewers -> viewers < 0)) {
            problems.at("service").at("latency").add(BELOW_ZERO);
        }
        for (int i = 0; i < report.counters().size(); i++) {
            var counters = report.counters().get(i);
            var at = problems.at("counters").at(i);
            word(counters.distributionId(), at.at("distributionId"));
            if (!counters.hasNothingBelowZero()) at.add(BELOW_ZERO);
        }
    }

    private static void amount(long said, Problems at) {
        if (said < 0) at.add(said, "zero or more");
    }

    /// What is counted and noted under; the database has as much room.
    private static void word(@Nullable String value, Problems at) {
        require(value, at);
        if (value != null) at.add(PlainText.problemOfLine(value, LONGEST_WORD));
    }

    private static void require(@Nullable Object value, Problems at) {
        if (value == null) at.add("missing (expected: a value)");
    }
}
