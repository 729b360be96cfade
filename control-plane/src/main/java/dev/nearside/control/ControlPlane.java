package dev.nearside.control;

import dev.nearside.control.access.Access;
import dev.nearside.control.access.AccessResource;
import dev.nearside.control.access.Passwords;
import dev.nearside.control.access.Secrets;
import dev.nearside.control.audit.AuditResource;
import dev.nearside.control.backup.BackupResource;
import dev.nearside.control.certificate.CertificateResource;
import dev.nearside.control.certificate.CertificateStore;
import dev.nearside.control.certificate.Delivery;
import dev.nearside.control.certificate.Expiry;
import dev.nearside.control.certificate.Seals;
import dev.nearside.control.configuration.ConfigurationResource;
import dev.nearside.control.configuration.Configurations;
import dev.nearside.control.configuration.Kind;
import dev.nearside.control.distribution.DistributionResource;
import dev.nearside.control.fleet.ExplainResource;
import dev.nearside.control.fleet.Feed;
import dev.nearside.control.fleet.Fleet;
import dev.nearside.control.fleet.FleetMetrics;
import dev.nearside.control.fleet.FleetResource;
import dev.nearside.control.fleet.Questions;
import dev.nearside.control.http.ApiServer;
import dev.nearside.control.http.DescriptionResource;
import dev.nearside.control.http.HealthResource;
import dev.nearside.control.http.Route;
import dev.nearside.control.http.RouteTable;
import dev.nearside.control.http.TlsFiles;
import dev.nearside.control.invalidation.InvalidationRepository;
import dev.nearside.control.invalidation.InvalidationResource;
import dev.nearside.control.metrics.Counting;
import dev.nearside.control.metrics.Distributions;
import dev.nearside.control.metrics.ExpositionResource;
import dev.nearside.control.metrics.Family;
import dev.nearside.control.metrics.MetricsResource;
import dev.nearside.control.peers.Changes;
import dev.nearside.control.peers.Changes.Subject;
import dev.nearside.control.peers.Leases;
import dev.nearside.control.persistence.Database;
import dev.nearside.control.persistence.SqlAccess;
import dev.nearside.control.persistence.SqlAudit;
import dev.nearside.control.persistence.SqlBackups;
import dev.nearside.control.persistence.SqlCertificates;
import dev.nearside.control.persistence.SqlConfigurations;
import dev.nearside.control.persistence.SqlFeedLog;
import dev.nearside.control.persistence.SqlFleet;
import dev.nearside.control.persistence.SqlInvalidations;
import dev.nearside.control.persistence.SqlLeases;
import dev.nearside.control.persistence.SqlMetrics;
import dev.nearside.control.persistence.SqlPublications;
import dev.nearside.control.persistence.SqlRollouts;
import dev.nearside.control.policy.PolicyResource;
import dev.nearside.control.publish.Publishing;
import dev.nearside.control.publish.SnapshotResource;
import dev.nearside.control.rollout.RollingOut;
import dev.nearside.control.rollout.RolloutResource;
import dev.nearside.control.rollout.Sampling;
import dev.nearside.model.wire.feed.EdgeReport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running control plane: its database, its API, and the work it does on the side.
public final class ControlPlane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

    /// Where the first operator's password is left, below the data directory.
    public static final String FIRST_PASSWORD_FILE = "first-admin-password";

    /// How many invalidations the log keeps; an edge that is further behind starts afresh.
    private static final long LOG_KEPT = 100_000;

    /// How long an edge may take to answer a question.
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(5);

    /// How long another control plane waits before it takes over what this one did not finish.
    private static final Duration LEASE = Duration.ofSeconds(10);

    /// How often the database hears of an edge with no news: often enough for others to know that it is there, and
    /// otherwise for the time after a restart alone.
    private static final Duration NOTES_TO_OTHERS = Duration.ofSeconds(3);

    private static final Duration NOTES_TO_SELF = Duration.ofSeconds(15);

    private final Database database;
    private final Changes changes;
    private final Leases leases;
    private final Counting counting;
    private final RollingOut rollingOut;
    private final Feed feed;
    private final ApiServer server;
    private final ScheduledExecutorService chores = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("chores").daemon().factory());

    /// Why a control plane did not start, in one line for the operator.
    public static final class NotStarted extends Exception {
        private static final long serialVersionUID = 1;

        NotStarted(String message) {
            super(message);
        }

        NotStarted(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// Opens the database and starts to serve.
    public static ControlPlane start(Setup setup) throws NotStarted {
        return start(setup, new Passwords(new SecureRandom()), ANSWER_PATIENCE, Clock.tickMillis(ZoneOffset.UTC));
    }

    static ControlPlane start(Setup setup, Passwords passwords, Duration answerPatience, InstantSource ownClock)
            throws NotStarted {
        var problem = ApiServer.problem(setup.listen());
        if (problem.isPresent()) throw new NotStarted("--listen: " + problem.get());
        Database database;
        try {
            Database.makeDirectory(setup.data());
            database = Database.open(setup.database(), UUID::randomUUID);
        } catch (Database.Unavailable e) {
            throw new NotStarted(e.explanation(), e);
        }
        try {
            return new ControlPlane(setup, database, passwords, answerPatience, ownClock);
        } catch (TlsFiles.Unusable e) {
            database.close();
            throw new NotStarted(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            database.close();
            throw new NotStarted("--data: %s cannot be written to: %s".formatted(setup.data(), e.getMessage()), e);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private ControlPlane(
            Setup setup, Database database, Passwords passwords, Duration answerPatience, InstantSource ownClock)
            throws IOException, TlsFiles.Unusable {
        this.database = database;
        var clock = database.clock(ownClock);
        // No two starts share it: what an earlier one held is not taken for this one's.
        var self = UUID.randomUUID().toString();
        this.changes = database.changes(self);
        this.leases = new SqlLeases(database, self);
        var random = new SecureRandom();
        Supplier<String> ids = () -> UUID.randomUUID().toString();

        var secrets = new Secrets(random);
        var fleetRepository = new SqlFleet(database);
        var log = new SqlFeedLog(database);
        var company =
                new Fleet.Company(self, database.isShared(), database.isShared() ? NOTES_TO_OTHERS : NOTES_TO_SELF);
        var fleet = new Fleet(fleetRepository, log, secrets, changes, company, ids, clock);
        var questions = new Questions();
        var publications = new SqlPublications(database);
        var certificates = new SqlCertificates(database);
        // Of several the first makes it and the others are given it: under one of their own they would seal what the
        // first cannot open.
        boolean isFirst = !database.isShared() || !new SqlAccess(database).hasOperators();
        var seals = Seals.open(
                setup.secretsKey(), isFirst && certificates.versions().isEmpty(), random);
        var delivery = new Delivery(certificates, seals, publications::certificatesOf);
        var expiry = new Expiry(certificates, clock);
        this.feed = new Feed(log, fleet, questions, delivery, changes);
        var certificateStore =
                new CertificateStore(certificates, seals, ids, () -> changes.announce(Subject.CERTIFICATES));
        var accessRepository = new SqlAccess(database);
        var access = new Access(accessRepository, fleet::holder, passwords, secrets, UUID::randomUUID, clock);
        tellFirstPassword(setup.data(), access);

        var configurationRepository = new SqlConfigurations(database);
        var distributions = new Distributions(() -> configurationRepository.ids(Kind.DISTRIBUTION), clock);
        this.counting = new Counting(new SqlMetrics(database), distributions::has, clock);
        var configurations = new Configurations(configurationRepository, kind -> newId(kind, random));
        Runnable committed = () -> changes.announce(Subject.LOG);
        this.rollingOut = new RollingOut(new SqlRollouts(database), fleet, new Sampling(), self, committed, clock);
        var publishing = new Publishing(publications, configurationRepository, fleet, committed);
        var invalidations = new SqlInvalidations(database);

        var routes = Stream.of(
                        new AccessResource(access, accessRepository, clock).routes(),
                        new DistributionResource(configurations, configurationRepository, publishing, expiry, clock)
                                .routes(),
                        new CertificateResource(
                                        certificateStore, certificates, configurationRepository, fleet, delivery, clock)
                                .routes(),
                        policies(configurations, configurationRepository, clock),
                        new ConfigurationResource(configurations, configurationRepository, clock).routes(),
                        new SnapshotResource(
                                        publishing,
                                        publications,
                                        configurationRepository,
                                        rollingOut::prepare,
                                        fleet,
                                        clock)
                                .routes(),
                        new RolloutResource(rollingOut, new SqlRollouts(database), clock).routes(),
                        new InvalidationResource(
                                        invalidations,
                                        configurationRepository,
                                        fleet,
                                        setup.limits(),
                                        committed,
                                        ids,
                                        clock)
                                .routes(),
                        new FleetResource(fleet, feed, this::count, clock).routes(),
                        new ExplainResource(fleet, feed, questions, ids, clock, answerPatience).routes(),
                        new MetricsResource(counting).routes(),
                        new ExpositionResource(List.of(
                                        new FleetMetrics(fleet, log, clock)::text,
                                        rollingOut::metrics,
                                        this::requests,
                                        expiry::metrics))
                                .routes(),
                        new AuditResource(new SqlAudit(database)).routes(),
                        new BackupResource(
                                        new SqlBackups(database), setup.data().resolve("backups"), clock)
                                .routes(),
                        new HealthResource(database::isUp).routes(),
                        new DescriptionResource().routes())
                .flatMap(List::stream)
                .toList();
        this.server = new ApiServer(setup.listen(), setup.tls(), new RouteTable(routes), access, ids, database::isAway);
        server.start();
        startChores(invalidations, fleet);
        certificateStore.lookAtSeals();
        var _ = chores.scheduleWithFixedDelay(() -> chore(expiry::warn), 0, 24, TimeUnit.HOURS);
    }

    private static List<Route> policies(
            Configurations configurations, SqlConfigurations repository, InstantSource clock) {
        return Stream.of(
                        new PolicyResource(
                                Kind.CACHE_POLICY, "/api/v1/cache-policies", configurations, repository, clock),
                        new PolicyResource(
                                Kind.ORIGIN_REQUEST_POLICY,
                                "/api/v1/origin-request-policies",
                                configurations,
                                repository,
                                clock),
                        new PolicyResource(
                                Kind.RESPONSE_HEADERS_POLICY,
                                "/api/v1/response-headers-policies",
                                configurations,
                                repository,
                                clock))
                .flatMap(resource -> resource.routes().stream())
                .toList();
    }

    /// Distributions are named as CloudFront names them; policies by a UUID.
    private static String newId(Kind kind, SecureRandom random) {
        return switch (kind) {
            case DISTRIBUTION -> {
                var letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
                var id = new StringBuilder("E");
                random.ints(13, 0, letters.length()).forEach(i -> id.append(letters.charAt(i)));
                yield id.toString();
            }
            case CACHE_POLICY, ORIGIN_REQUEST_POLICY, RESPONSE_HEADERS_POLICY ->
                UUID.randomUUID().toString();
        };
    }

    /// The password goes to a file that only its owner can read, and nowhere else.
    private static void tellFirstPassword(Path data, Access access) throws IOException {
        var file = data.resolve(FIRST_PASSWORD_FILE);
        if (access.hasOperators()) return;
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        var password = access.inventPassword();
        Files.writeString(file, password + "\n");
        if (!access.createFirstOperator(password)) {
            LOG.info("another control plane on this database has told the password of {}", Access.FIRST_OPERATOR);
            Files.delete(file);
            return;
        }
        LOG.info("first start: the password of {} is in {}", Access.FIRST_OPERATOR, file.toAbsolutePath());
    }

    private void startChores(InvalidationRepository invalidations, Fleet fleet) {
        var _ = chores.scheduleWithFixedDelay(() -> chore(counting::write), 5, 5, TimeUnit.SECONDS);
        var _ = chores.scheduleWithFixedDelay(() -> chore(changes::lookAgain), 1, 1, TimeUnit.SECONDS);
        var _ = chores.scheduleWithFixedDelay(() -> chore(this::leadRollout), 1, 1, TimeUnit.SECONDS);
        var _ = chores.scheduleWithFixedDelay(
                () -> chore(() -> leases.run("housekeeping", Duration.ofMinutes(10), () -> {
                    invalidations.keepOnly(LOG_KEPT);
                    fleet.forgetReceipts();
                    counting.forgetOldMinutes();
                    changes.announce(Subject.LOG);
                })),
                1,
                60,
                TimeUnit.MINUTES);
    }

    private void count(String edgeId, EdgeReport report) {
        counting.report(edgeId, report);
        rollingOut.heard(edgeId, report);
    }

    /// For `/metrics`, in the format of OpenMetrics.
    private String requests() {
        var family = Family.counter("nearside_api_requests", "Requests that this control plane answered, by status.");
        server.answered().forEach((status, count) -> family.with("status", status.toString(), count));
        return family.text();
    }

    /// All control planes count what they hear; one of them decides.
    private void leadRollout() {
        rollingOut.count();
        leases.run("rollout", LEASE, rollingOut::decide);
    }

    /// A chore that fails once is tried again the next time. That the database is away is told once, by whoever listens
    /// to it.
    private void chore(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            if (database.isAway(e)) LOG.debug("a chore waits for the database", e);
            else LOG.error("a chore failed", e);
        }
    }

    /// Where the API is.
    public URI uri() {
        return server.uri();
    }

    /// All that the API answers to.
    RouteTable routes() {
        return server.routes();
    }

    /// Ends the feeds, finishes what is written, and lets go of the data directory.
    @Override
    public void close() {
        chores.shutdown();
        feed.close();
        server.close();
        chore(counting::write);
        changes.close();
        leases.close();
        database.close();
    }
}
