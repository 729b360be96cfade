package dev.nearside.edge;

import dev.nearside.edge.accept.Door;
import dev.nearside.edge.accept.Http1Wire;
import dev.nearside.edge.accept.RequestIds;
import dev.nearside.edge.health.ManagementServer;
import dev.nearside.edge.health.Tally;
import dev.nearside.edge.log.AccessLog;
import dev.nearside.edge.origin.Fetcher;
import dev.nearside.edge.origin.Hop;
import dev.nearside.edge.origin.OriginAddresses;
import dev.nearside.edge.origin.OriginClient;
import dev.nearside.edge.origin.OriginTrust;
import dev.nearside.edge.origin.Origins;
import dev.nearside.edge.origin.RecentFailures;
import dev.nearside.edge.respond.ErrorPage;
import dev.nearside.edge.respond.Replies;
import dev.nearside.edge.respond.Responder;
import dev.nearside.edge.store.CacheStore;
import dev.nearside.edge.store.StoreSettings;
import dev.nearside.edge.store.TwoTierStore;
import dev.nearside.edge.sync.ConfigurationFile;
import dev.nearside.edge.sync.ControlPlaneLink;
import dev.nearside.edge.sync.CurrentSnapshot;
import dev.nearside.edge.sync.Identity;
import dev.nearside.edge.sync.SnapshotFile;
import dev.nearside.edge.sync.Trust;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.snapshot.Snapshot;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One running edge node: wires the steps together, and takes them apart again.
final class Edge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Edge.class);
    private static final int MAX_LINE_BYTES = 8_192 + 32;
    private static final int MAX_HEAD_BYTES = 32_768;

    /// Said where there is no request to answer properly any more.
    private static final byte[] REFUSAL = refusal();

    private static final int IDLE_SECONDS = 75;
    private static final long LONGEST_STEP_SECONDS = 20;

    private final EdgeSettings settings;
    private final Deque<Closing> closings = new ArrayDeque<>();
    private final CurrentSnapshot snapshots = new CurrentSnapshot();
    private final Tally tally = new Tally();
    private int port;
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
            edge.close();
            throw e;
        }
        return edge;
    }

    /// Where viewers are answered.
    int port() {
        return port;
    }

    /// Where health and metrics are served; 0 if nowhere.
    int managementPort() {
        return managementPort;
    }

    private void open(InstantSource clock, LongSupplier nanoTime) throws IOException {
        lock(settings.data());
        var started = clock.instant();
        var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        closings.push(() -> await("the transport", vertx.close()));

        var store = TwoTierStore.open(
                vertx,
                StoreSettings.of(settings.data().resolve("cache"), settings.cacheMemory(), settings.cacheDisk()));
        closings.push(() -> await("the store", store.close()));
        var trust = switch (settings.source()) {
            case EdgeSettings.Source.Alone _ -> Trust.ofANodeThatRunsAlone();
            case EdgeSettings.Source.Following _ -> Trust.ofAFollower(started, store::proves);
        };
        var client = new OriginClient(
                vertx,
                new OriginAddresses(vertx, settings.openedRanges()),
                OriginTrust.of(Optional.empty()),
                clock,
                nanoTime);
        var accessLog = openAccessLog();
        var path = new RequestPath(
                new Door(new RequestIds(runPrefix()), clock, nanoTime),
                snapshots,
                store,
                trust::proves,
                new Fetcher(new Origins(client), store, tally::receivedFromOrigin, clock),
                new RecentFailures(store),
                new Replies(settings.nodeName(), clock),
                new Responder(nanoTime),
                new Telling(tally, accessLog, nanoTime),
                new Hop(settings.nodeName()),
                clock);

        switch (settings.source()) {
            case EdgeSettings.Source.Alone(var file) -> serveAlone(file, vertx);
            case EdgeSettings.Source.Following _ -> loadLastGoodSnapshot();
        }
        listen(vertx, path);
        if (settings.source() instanceof EdgeSettings.Source.Following following) {
            follow(following, vertx, store, trust, clock);
        }
        manage(vertx, store, trust, accessLog);
        LOG.info(
                "Answering viewers on {}:{}{}",
                settings.listen().host(),
                port,
                managementPort == 0 ? "" : ", health and metrics on port " + managementPort);
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
            throw new IOException(
                    "--data: %s (expected: a directory that can be written to): %s".formatted(data, e), e);
        }
    }

    private Optional<AccessLog> openAccessLog() throws IOException {
        if (settings.accessLog().isEmpty()) return Optional.empty();
        var log = AccessLog.open(new AccessLog.Settings(
                settings.data().resolve("access-log"), settings.accessLog().get(), settings.nodeName(), 64 << 20, 8));
        closings.push(log::close);
        return Optional.of(log);
    }

    private static String runPrefix() {
        var bytes = new byte[8];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes) + "-";
    }

    private void serveAlone(Path file, Vertx vertx) throws IOException {
        var configuration = new ConfigurationFile(file);
        switch (configuration.load(1)) {
            case Checked.Valid<Snapshot>(var snapshot) -> snapshots.swap(snapshot);
            case Checked.Invalid<Snapshot>(var problems) ->
                throw new IOException("--config: %s is refused:\n%s"
                        .formatted(
                                file,
                                problems.stream()
                                        .map(Problem::toString)
                                        .collect(Collectors.joining("\n  ", "  ", ""))));
        }
        configuration.follow(vertx, snapshots);
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

    private SnapshotFile snapshotFile() {
        return new SnapshotFile(settings.data().resolve("snapshot.json"));
    }

    private void listen(Vertx vertx, RequestPath path) throws IOException {
        var where = settings.listen();
        var options = new HttpServerOptions()
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEAD_BYTES)
                .setIdleTimeout(IDLE_SECONDS)
                .setTcpNoDelay(true)
                // HTTP/2 comes with TLS; in clear text it would be a second framing that nobody asked for.
                .setHttp2ClearTextEnabled(false)
                // What upgrades a connection is for the origin to agree to.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
        var limits = new Http1Wire.Limits(MAX_LINE_BYTES, MAX_HEAD_BYTES, Duration.ofSeconds(30));
        // Vert.x gives servers that listen on one negative number one free port.
        var bound = new AtomicInteger(where.port() == 0 ? -1 : where.port());
        var listening = await(
                "--listen: %s:%d".formatted(where.host(), where.port()),
                vertx.deployVerticle(
                        () -> new Listener(path, options, where.host(), bound.get(), limits, bound),
                        new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE)));
        // Viewers finish before the store they read from is closed.
        closings.push(() -> await("the listeners", vertx.undeploy(listening)));
        port = bound.get();
    }

    private static byte[] refusal() {
        var page = ErrorPage.of(400, "-", Optional.empty());
        return """
                HTTP/1.1 400 Bad Request\r
                Content-Type: %s\r
                Content-Length: %d\r
                Server: nearside\r
                X-Cache: Error from nearside\r
                Connection: close\r
                \r
                %s""".formatted(page.contentType(), page.body().length(), page.body())
                .getBytes(StandardCharsets.UTF_8);
    }

    /// One event loop's server; all of them share the port.
    private static final class Listener extends VerticleBase {
        private final RequestPath path;
        private final HttpServerOptions options;
        private final String host;
        private final int port;
        private final Http1Wire.Limits limits;
        private final AtomicInteger bound;
        private @Nullable HttpServer server;

        Listener(
                RequestPath path,
                HttpServerOptions options,
                String host,
                int port,
                Http1Wire.Limits limits,
                AtomicInteger bound) {
            this.path = path;
            this.options = options;
            this.host = host;
            this.port = port;
            this.limits = limits;
            this.bound = bound;
        }

        @Override
        public Future<?> start() {
            var listening = vertx.createHttpServer(options)
                    .connectionHandler(connection -> Http1Wire.guard(connection, limits, REFUSAL, path::serve))
                    .requestHandler(path::serve);
            server = listening;
            return listening.listen(port, host).onSuccess(server -> bound.set(server.actualPort()));
        }

        @Override
        public Future<?> stop() {
            return server == null ? Future.succeededFuture() : server.shutdown(5, TimeUnit.SECONDS);
        }
    }

    private void follow(
            EdgeSettings.Source.Following following, Vertx vertx, CacheStore store, Trust trust, InstantSource clock)
            throws IOException {
        var identity = new Identity(settings.data().resolve("identity.json"));
        if (identity.load().isEmpty() && following.enrolmentTokenFile().isEmpty()) {
            throw new IOException(
                    "--enrolment-token-file: missing (expected: a file with the token, for the first start)");
        }
        var link = new ControlPlaneLink(
                vertx,
                new ControlPlaneLink.Membership(
                        following.controlPlanes(), following.name(), () -> token(following.enrolmentTokenFile())),
                identity,
                store,
                snapshots,
                snapshotFile(),
                trust,
                tally::counters,
                clock);
        await("the link to the control plane", vertx.deployVerticle(new Following(link)));
    }

    private static String token(Optional<Path> file) {
        try {
            return file.isEmpty() ? "" : Files.readString(file.get()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("--enrolment-token-file: cannot be read: " + e.getMessage(), e);
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

    private void manage(Vertx vertx, CacheStore store, Trust trust, Optional<AccessLog> accessLog) throws IOException {
        if (settings.management().isEmpty()) return;
        var where = settings.management().get();
        var server = new ManagementServer(
                vertx,
                tally,
                store::usage,
                () -> accessLog.map(AccessLog::dropped).orElse(0L),
                () -> readiness(store, trust));
        managementPort = await(
                "--metrics: %s:%d".formatted(where.host(), where.port()), server.listen(where.host(), where.port()));
    }

    private ManagementServer.Readiness readiness(CacheStore store, Trust trust) {
        Optional<String> waitingFor = snapshots.get().isEmpty()
                ? Optional.of("waiting for the first snapshot")
                : !store.usage().recovered()
                        ? Optional.of("recovering the cache")
                        : !trust.isCaughtUp()
                                ? Optional.of("catching up with the control plane's log")
                                : Optional.empty();
        return new ManagementServer.Readiness(waitingFor, snapshots.version());
    }

    private static <T> T await(String what, Future<T> future) throws IOException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(LONGEST_STEP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(what + ": " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IOException(what + ": not done within " + LONGEST_STEP_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(what + ": interrupted", e);
        }
    }

    /// Finishes what is in flight, within bounds, and leaves a clean cache behind.
    @Override
    public void close() {
        while (!closings.isEmpty()) {
            try {
                closings.pop().close();
            } catch (Exception e) {
                LOG.warn("Not stopped cleanly: {}", e.getMessage());
            }
        }
        LOG.info("Stopped");
    }
}
