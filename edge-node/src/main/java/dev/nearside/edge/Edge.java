package dev.nearside.edge;

import dev.nearside.edge.accept.Certificates;
import dev.nearside.edge.accept.Door;
import dev.nearside.edge.accept.RequestIds;
import dev.nearside.edge.accept.ViewerCertificates;
import dev.nearside.edge.coding.Encoders;
import dev.nearside.edge.file.ReadOnlyDisk;
import dev.nearside.edge.file.Unreadable;
import dev.nearside.edge.health.ManagementServer;
import dev.nearside.edge.health.Readiness;
import dev.nearside.edge.health.Tally;
import dev.nearside.edge.log.AccessLog;
import dev.nearside.edge.origin.Fetcher;
import dev.nearside.edge.origin.Health;
import dev.nearside.edge.origin.HealthChecks;
import dev.nearside.edge.origin.Hop;
import dev.nearside.edge.origin.OriginAddresses;
import dev.nearside.edge.origin.OriginClient;
import dev.nearside.edge.origin.OriginTrust;
import dev.nearside.edge.origin.Origins;
import dev.nearside.edge.origin.RecentFailures;
import dev.nearside.edge.respond.Replies;
import dev.nearside.edge.respond.Responder;
import dev.nearside.edge.respond.ServerTiming;
import dev.nearside.edge.store.CacheStore;
import dev.nearside.edge.store.TwoTierStore;
import dev.nearside.edge.store.offheap.MapLibrary;
import dev.nearside.edge.sync.CertificateFile;
import dev.nearside.edge.sync.ConfigurationFile;
import dev.nearside.edge.sync.ControlPlaneLink;
import dev.nearside.edge.sync.CurrentSnapshot;
import dev.nearside.edge.sync.Identity;
import dev.nearside.edge.sync.SnapshotFile;
import dev.nearside.edge.sync.Trust;
import dev.nearside.edge.viewer.ViewerFacts;
import dev.nearside.model.check.Checked;
import dev.nearside.model.distribution.GeoRestriction;
import dev.nearside.model.snapshot.Snapshot;
import dev.nearside.model.wire.feed.CertificatesMessage;
import dev.nearside.model.wire.feed.EdgeReport.ShownCertificate;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One running edge node: wires the steps together, and takes them apart again.
final class Edge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Edge.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MOST_ENCODERS = 128;
    private static final long LONGEST_STEP_SECONDS = 20;
    private static final long LOOK_AT_DATABASES_MILLIS = 2_000;
    static final String NOTHING_TO_SERVE = "Every viewer gets 403: no distribution is enabled and has aliases";

    private final EdgeSettings settings;
    private final Deque<Closing> closings = new ArrayDeque<>();
    private final CurrentSnapshot snapshots = new CurrentSnapshot();
    private final Tally tally = new Tally();
    private @Nullable ViewerServers viewers;
    private volatile boolean leaving;
    private @Nullable ControlPlaneLink link;
    private int managementPort;

    /// One thing to take apart when the node stops.
    private interface Closing {
        void close() throws Exception;
    }

    private Edge(EdgeSettings settings) {
        this.settings = settings;
    }

    /// Starts a node; it answers viewers when this returns.
    ///
    /// @throws IOException with a message for the operator if it cannot start
    static Edge start(EdgeSettings settings) throws IOException {
        return start(settings, InstantSource.system(), System::nanoTime);
    }

    static Edge start(EdgeSettings settings, InstantSource clock, LongSupplier nanoTime) throws IOException {
        var edge = new Edge(settings);
        try {
            edge.open(clock, nanoTime);
        } catch (IOException | RuntimeException e) {
            edge.takeApart();
            throw e;
        }
        return edge;
    }

    /// Where viewers are answered.
    int port() {
        return viewers == null ? 0 : viewers.port();
    }

    /// Where viewers are answered over TLS; 0 if nowhere.
    int securePort() {
        return viewers == null ? 0 : viewers.securePort();
    }

    /// Where health and metrics are served; 0 if nowhere.
    int managementPort() {
        return managementPort;
    }

    private void open(InstantSource clock, LongSupplier nanoTime) throws IOException {
        lock(settings.data());
        // Meanwhile, what the store will need first.
        Thread.ofPlatform().daemon().name("map-library").start(MapLibrary::load);
        // What an operator may have got wrong is looked at before anything is opened that takes its time to close.
        var identity = new Identity(settings.data().resolve("identity.json"));
        var alone = Optional.<ConfigurationFile>empty();
        switch (settings.source()) {
            case EdgeSettings.Source.Alone(var file, var _) -> alone = Optional.of(configuration(file));
            case EdgeSettings.Source.Following following -> checkWayIn(following, identity);
        }
        var taken = Ports.problems(settings);
        if (!taken.isEmpty()) throw new IOException(String.join("; ", taken));
        var authorities = OriginTrust.of(settings.origins().authorities());
        var started = clock.instant();
        var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        closings.push(() -> await("the transport", vertx.close()));
        var facts = openFacts(vertx);
        var secure = settings.viewers().secure();
        var certificates = secure.isEmpty()
                ? Optional.<ViewerCertificates>empty()
                : Optional.of(openCertificates(vertx, secure.get().certificates()));

        var store = TwoTierStore.open(vertx, settings.store());
        closings.push(() -> await("the store", store.close()));
        var trust = switch (settings.source()) {
            case EdgeSettings.Source.Alone _ -> Trust.ofANodeThatRunsAlone(store::provesChanges);
            case EdgeSettings.Source.Following _ -> Trust.ofAFollower(started, store::proves);
        };
        var health = new Health(clock);
        var client = new OriginClient(
                vertx,
                new OriginAddresses(vertx, settings.origins().openedRanges(), clock),
                authorities,
                health,
                clock,
                nanoTime);
        var checks = new HealthChecks(vertx, client);
        closings.push(checks::close);
        snapshots.listen(checks::follow);
        snapshots.listen(Edge::warnOfNothingToServe);
        if (settings.viewers().geography().places().isEmpty()) snapshots.listen(Edge::warnOfUnknownCountries);
        var origins = new Origins(client, health, checks);
        var accessLog = openAccessLog();
        var fetcher = new Fetcher(origins, store, tally::receivedFromOrigin, new Encoders(MOST_ENCODERS), clock);
        var lookup = new Lookup(
                facts, store, trust::proves, fetcher, new RecentFailures(store), new Hop(settings.pseudonym()), clock);
        var path = new RequestPath(
                new Door(new RequestIds(runPrefix()), settings.viewers().trustedProxies(), clock, nanoTime),
                snapshots,
                lookup,
                fetcher,
                origins,
                new Replies(
                        settings.pseudonym(),
                        clock,
                        new ServerTiming(settings.nodeName(), new Random()),
                        Edge::boundary),
                new Responder(nanoTime),
                new Telling(tally, accessLog, nanoTime));
        var explainer = new Explainer(settings.nodeName(), snapshots, lookup);

        if (alone.isPresent()) closings.push(alone.get().follow(vertx, snapshots)::run);
        else {
            loadLastGoodSnapshot();
            certificates.ifPresent(this::loadLastCertificates);
        }
        certificates.ifPresent(shown -> snapshots.listen(snapshot -> follow(snapshot, shown, vertx)));
        if (snapshots.get().filter(current -> current.routes().tellsDevices()).isPresent()) facts.expectDevices();
        var servers = ViewerServers.open(vertx, settings.viewers(), certificates, path);
        viewers = servers;
        // Viewers finish before the store they read from is closed.
        closings.push(servers::close);
        if (settings.source() instanceof EdgeSettings.Source.Following following) {
            follow(following, identity, vertx, store, trust, certificates, explainer, clock);
        }
        manage(
                vertx,
                store,
                fetcher::underWay,
                () -> readiness(store, trust, Duration.between(started, clock.instant())),
                checks,
                accessLog,
                explainer,
                clock);
        LOG.info(
                "Answering viewers on {}:{}{}{}",
                settings.viewers().listen().host(),
                servers.port(),
                servers.securePort() == 0 ? "" : ", over TLS on port " + servers.securePort(),
                managementPort == 0 ? "" : ", health and metrics on port " + managementPort);
        Thread.ofPlatform().daemon().name("authorities").start(authorities::load);
    }

    /// It may be what was meant, before the first distribution is made; or a file that was emptied by mistake.
    private static void warnOfNothingToServe(Snapshot snapshot) {
        if (servesNothing(snapshot)) LOG.warn(NOTHING_TO_SERVE);
    }

    static boolean servesNothing(Snapshot snapshot) {
        return snapshot.distributions().stream()
                .noneMatch(distribution ->
                        distribution.enabled() && !distribution.aliases().isEmpty());
    }

    /// Without a database of addresses no country is known, and who is not known is answered (CF§1.9).
    private static void warnOfUnknownCountries(Snapshot snapshot) {
        for (var distribution : snapshot.distributions()) {
            if (distribution.geoRestriction() instanceof GeoRestriction.None) continue;
            LOG.warn(
                    "Distribution {} restricts countries, but everybody is answered: no country is known"
                            + " without a database (--geoip)",
                    distribution.name());
        }
    }

    /// Two processes on one cache would destroy it.
    private void lock(Path data) throws IOException {
        try {
            Files.createDirectories(data);
            var channel = FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            closings.push(channel::close);
            if (channel.tryLock() == null) throw new OverlappingFileLockException();
        } catch (OverlappingFileLockException e) {
            throw new IOException(
                    "--data: %s is in use by another process (expected: a directory of its own)".formatted(data), e);
        } catch (IOException e) {
            if (!ReadOnlyDisk.isWhy(e, data)) {
                throw new IOException("--data: %s (expected: a directory that can be written to)".formatted(data), e);
            }
            LOG.error("{}: the disk takes no changes; nothing is kept but what fits into memory", data);
        }
    }

    /// Databases of addresses are looked at now and then: an operator replaces them every week or so.
    private ViewerFacts openFacts(Vertx vertx) throws IOException {
        var geography = settings.viewers().geography();
        var facts = ViewerFacts.open(geography.places(), geography.networks(), settings.data());
        long looking = vertx.setPeriodic(
                LOOK_AT_DATABASES_MILLIS,
                _ -> vertx.executeBlocking(() -> {
                    facts.reload();
                    return null;
                }));
        closings.push(() -> {
            vertx.cancelTimer(looking);
            facts.close();
        });
        return facts;
    }

    private Optional<AccessLog> openAccessLog() throws IOException {
        if (settings.operators().accessLog().isEmpty()) return Optional.empty();
        var log = AccessLog.open(new AccessLog.Settings(
                settings.data().resolve("access-log"),
                settings.operators().accessLog().get(),
                settings.nodeName(),
                64 << 20,
                8));
        closings.push(log::close);
        return Optional.of(log);
    }

    private static String runPrefix() {
        var bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes) + "-";
    }

    /// Whoever uploads a file must not be able to put the next answer's boundary into it.
    private static String boundary() {
        var bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private ConfigurationFile configuration(Path file) throws IOException {
        var configuration = new ConfigurationFile(file);
        snapshots.swap(load(configuration, file));
        return configuration;
    }

    /// @throws IOException with every problem, for the operator
    static Snapshot load(ConfigurationFile configuration, Path file) throws IOException {
        try (var _ = Files.newInputStream(file)) {
            return switch (configuration.load(1)) {
                case Checked.Valid<Snapshot>(var snapshot) -> snapshot;
                case Checked.Invalid<Snapshot>(var problems) ->
                    throw new IOException(
                            "--config: %s is refused:%s".formatted(file, ConfigurationFile.lines(problems)));
            };
        } catch (FileSystemException e) {
            throw new IOException(
                    "--config: %s %s (expected: a configuration document)".formatted(file, Unreadable.why(e)), e);
        }
    }

    private void loadLastGoodSnapshot() {
        var file = snapshotFile();
        file.load().ifPresent(loaded -> {
            switch (loaded) {
                case Checked.Valid<Snapshot>(var snapshot) -> {
                    snapshots.swap(snapshot);
                    LOG.info("Running snapshot {}, the last one before the start", snapshot.version());
                }
                case Checked.Invalid<Snapshot>(var problems) ->
                    LOG.error("{} is damaged; waiting for the control plane: {}", file.path(), problems);
            }
        });
    }

    private static ViewerCertificates openCertificates(Vertx vertx, List<Certificates.Pair> pairs) throws IOException {
        var files = pairs.isEmpty() ? Optional.<Certificates>empty() : Optional.of(Certificates.open(vertx, pairs));
        return new ViewerCertificates(vertx, files);
    }

    private CertificateFile certificateFile() {
        return new CertificateFile(settings.data().resolve("certificates.json"));
    }

    private void loadLastCertificates(ViewerCertificates certificates) {
        certificateFile().load().ifPresent(certificates::take);
    }

    /// Keys that are needed no more do not stay on the disk.
    private void follow(Snapshot snapshot, ViewerCertificates certificates, Vertx vertx) {
        if (!certificates.follow(snapshot)) return;
        vertx.executeBlocking(() -> {
            certificateFile().save(certificates.kept());
            return null;
        });
    }

    /// What is done with the certificates that the control plane speaks of.
    private ControlPlaneLink.ShownCertificates shownCertificates(Optional<ViewerCertificates> certificates) {
        if (certificates.isEmpty()) return new WithoutTls();
        var shown = certificates.get();
        return new ControlPlaneLink.ShownCertificates() {
            @Override
            public void take(CertificatesMessage message) {
                shown.take(message);
                certificateFile().save(shown.kept());
            }

            @Override
            public Future<Void> settled() {
                return shown.settled();
            }

            @Override
            public List<ShownCertificate> report() {
                return shown.report();
            }
        };
    }

    /// An edge that does not speak TLS keeps no keys.
    private static final class WithoutTls implements ControlPlaneLink.ShownCertificates {
        private volatile List<ShownCertificate> told = List.of();

        @Override
        public void take(CertificatesMessage message) {
            told = Stream.concat(
                            message.items().stream().map(CertificatesMessage.Item::id),
                            message.withheld().stream().map(CertificatesMessage.Withheld::id))
                    .map(id -> new ShownCertificate(id, 0, "this edge does not speak TLS (--listen-tls)"))
                    .toList();
        }

        @Override
        public Future<Void> settled() {
            return Future.succeededFuture();
        }

        @Override
        public List<ShownCertificate> report() {
            return told;
        }
    }

    private SnapshotFile snapshotFile() {
        return new SnapshotFile(settings.data().resolve("snapshot.json"));
    }

    /// Who is not known to the control plane needs a token that it gives away once.
    static void checkWayIn(EdgeSettings.Source.Following following, Identity identity) throws IOException {
        var enrolled = identity.load();
        if (enrolled.isPresent()) {
            // Two names for one machine would be in Via and in the console.
            if (enrolled.get().name().equals(following.name())) return;
            throw new IOException("--name: %s (expected: %s, the name that this edge is enrolled under)"
                    .formatted(following.name(), enrolled.get().name()));
        }
        var file = following.enrolmentTokenFile();
        if (file.isEmpty()) {
            throw new IOException(
                    "--enrolment-token-file: missing (expected: a file with the token, for the first start)");
        }
        try {
            Files.readString(file.get());
        } catch (IOException e) {
            throw new IOException(
                    "--enrolment-token-file: %s %s (expected: a file with the token, for the first start)"
                            .formatted(file.get(), Unreadable.why(e)),
                    e);
        }
    }

    private void follow(
            EdgeSettings.Source.Following following,
            Identity identity,
            Vertx vertx,
            CacheStore store,
            Trust trust,
            Optional<ViewerCertificates> certificates,
            Explainer explainer,
            InstantSource clock)
            throws IOException {
        var opened = new ControlPlaneLink(
                vertx,
                new ControlPlaneLink.Membership(
                        following.controlPlanes(),
                        following.name(),
                        () -> token(following.enrolmentTokenFile()),
                        following.labels(),
                        ControlPlaneTls.options(following.credentials())),
                identity,
                store,
                snapshots,
                snapshotFile(),
                trust,
                shownCertificates(certificates),
                tally::counters,
                tally::service,
                explainer::explain,
                clock);
        await("the link to the control plane", vertx.deployVerticle(new Following(opened)));
        link = opened;
    }

    private static String token(Optional<Path> file) {
        try {
            return file.isEmpty() ? "" : Files.readString(file.get()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("--enrolment-token-file: " + Unreadable.why(e), e);
        }
    }

    /// Gives the link an event loop of its own.
    private static final class Following extends VerticleBase {
        private final ControlPlaneLink link;

        Following(ControlPlaneLink link) {
            this.link = link;
        }

        @Override
        public Future<?> start() throws IOException {
            link.start();
            return Future.succeededFuture();
        }

        @Override
        public Future<?> stop() {
            return link.stop();
        }
    }

    private void manage(
            Vertx vertx,
            CacheStore store,
            LongSupplier fetches,
            Supplier<Readiness> readiness,
            HealthChecks checks,
            Optional<AccessLog> accessLog,
            Explainer explainer,
            InstantSource clock)
            throws IOException {
        if (settings.operators().management().isEmpty()) return;
        var where = settings.operators().management().get();
        var server = new ManagementServer(
                vertx,
                tally,
                store::usage,
                fetches,
                () -> accessLog.map(AccessLog::dropped).orElse(0L),
                readiness,
                () -> certificatesLeft(clock),
                checks::states,
                explainer::explain);
        managementPort = awaitPort("--metrics", where, server.listen(where.host(), where.port()));
    }

    private Map<String, Duration> certificatesLeft(InstantSource clock) {
        var left = new TreeMap<String, Duration>();
        if (viewers == null) return left;
        var now = clock.instant();
        for (var expiry : viewers.expiries()) left.merge(expiry.certificate(), expiry.left(now), Edge::shorter);
        return left;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private Readiness readiness(CacheStore store, Trust trust, Duration running) {
        var snapshot = snapshots
                .get()
                .map(published -> OptionalLong.of(published.snapshot().version().number()))
                .orElse(OptionalLong.empty());
        boolean drained = link != null && link.isDrained();
        return Readiness.of(leaving, snapshot, drained, store.usage().recovered(), trust.isCaughtUp(), running);
    }

    static <T> T await(String what, Future<T> future) throws IOException {
        return await(what, future, LONGEST_STEP_SECONDS);
    }

    static <T> T await(String what, Future<T> future, long seconds) throws IOException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(what + ": " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IOException(what + ": not done within " + seconds + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(what + ": interrupted", e);
        }
    }

    static <T> T awaitPort(String option, EdgeSettings.Address where, Future<T> listening) throws IOException {
        try {
            return await("listening", listening);
        } catch (IOException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            // Without the name and the number that the native transport has for it.
            var why = String.valueOf(cause.getMessage())
                    .replaceFirst("^bind\\(.*\\) failed with error\\(-?\\d+\\): ", "");
            throw new IOException(Ports.complaint(option, where, why), e);
        }
    }

    /// Finishes what is in flight, within bounds, and leaves a clean cache behind.
    @Override
    public void close() {
        LOG.info(
                "Stopping: answers under way have up to {} s",
                settings.viewers().toFinish().toSeconds());
        takeApart();
        LOG.info("Stopped");
    }

    private void takeApart() {
        leaving = true;
        while (!closings.isEmpty()) {
            try {
                closings.pop().close();
            } catch (Exception e) {
                LOG.warn("Not stopped cleanly: {}", e.getMessage());
            }
        }
    }
}
