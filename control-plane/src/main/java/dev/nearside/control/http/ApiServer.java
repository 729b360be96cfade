package dev.nearside.control.http;

import dev.nearside.model.check.Problem;
import dev.nearside.model.check.Problems;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.ProblemDocument;
import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsClientAuth;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves a route table over HTTP: meets the route, asks for the credential, bounds the body, writes the answer.
/// Handlers run on virtual threads and may block.
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    /// Seconds; about what a database takes to come back.
    private static final String RETRY_AFTER = "2";

    /// Of a body that was refused, in bytes.
    private static final long MOST_TAKEN_IN = 16 << 20;

    private static final String COMMENT = "comment";

    /// Nobody who has not proved who they are sends much.
    private static final long ROOM_FOR_STRANGERS = 4 << 20;

    private static final int PIECE = 2 << 10;

    /// A body may take so many times as long as a head: it may be large, and the line thin.
    private static final int BODY_PATIENCE = 4;

    private final InetSocketAddress listen;
    private final RouteTable routes;
    private final Authenticator authenticator;
    private final Predicate<RuntimeException> isPassing;
    private final Supplier<String> requestIds;
    private final WebServer server;
    private final Set<EventWriter> streams = ConcurrentHashMap.newKeySet();
    private final Map<Integer, LongAdder> answered = new ConcurrentHashMap<>();
    private final Optional<ReloadedTls> tls;
    private final Duration patience;
    private final Arrivals arrivals;
    private final Room forStrangers = new Room(ROOM_FOR_STRANGERS);
    private final Room forOperators;
    private final Room forEdges;
    private final Thread watcher = Thread.ofVirtual().name("slow-readers").unstarted(this::watch);

    /// A server that is not listening yet.
    ///
    /// @param isPassing whether what failed may succeed later, as while the database is away
    /// @throws TlsFiles.Unusable with a message for the operator
    public ApiServer(
            InetSocketAddress listen,
            Optional<TlsFiles> tls,
            RouteTable routes,
            Authenticator authenticator,
            Supplier<String> requestIds,
            Predicate<RuntimeException> isPassing)
            throws TlsFiles.Unusable {
        this(listen, tls, routes, authenticator, requestIds, isPassing, Duration.ofSeconds(30));
    }

    /// @param patience how long a write of an event may wait for its reader, or we for the head of a request
    ApiServer(
            InetSocketAddress listen,
            Optional<TlsFiles> tlsFiles,
            RouteTable routes,
            Authenticator authenticator,
            Supplier<String> requestIds,
            Predicate<RuntimeException> isPassing,
            Duration patience)
            throws TlsFiles.Unusable {
        this.patience = patience;
        this.arrivals = new Arrivals(patience);
        this.tls = tlsFiles.isEmpty() ? Optional.empty() : Optional.of(new ReloadedTls(tlsFiles.get()));
        this.listen = listen;
        this.routes = routes;
        this.authenticator = authenticator;
        this.isPassing = isPassing;
        this.requestIds = requestIds;
        var capacity = Capacity.ofThisProcess();
        this.forOperators = new Room(capacity.bodies());
        this.forEdges = new Room(capacity.bodies());
        var builder = WebServer.builder()
                .featuresDiscoverServices(false)
                .shutdownHook(false)
                .shutdownGracePeriod(Duration.ZERO)
                .maxConcurrentRequests(-1)
                // An answer may be two small writes, of which the second would wait 40 ms until the caller confirms the
                // first.
                .connectionOptions(options -> options.tcpNoDelay(true))
                .maxTcpConnections(capacity.connections())
                .addProtocol(Http1Config.builder().addReceiveListener(arrivals).build())
                .address(listen.getAddress())
                .port(listen.getPort())
                .directHandlers(DirectHandlers.builder()
                        .addHandler(EventType.BAD_REQUEST, new Unreadable(requestIds))
                        .build())
                .routing((HttpRouting.Builder routing) -> routing.any(this::serve));
        if (tls.isPresent()) builder.tls(secured(tls.get(), arrivals));
        this.server = builder.build();
    }

    /// Operators and scripts prove themselves with their tokens alone, so that nobody has to show a certificate; an
    /// edge that has none is turned away later.
    private static Tls secured(ReloadedTls tls, Arrivals arrivals) throws TlsFiles.Unusable {
        return Tls.builder()
                .sslContext(new WatchedHandshakes(tls.context(), arrivals::begin))
                .clientAuth(tls.asksForCertificates() ? TlsClientAuth.OPTIONAL : TlsClientAuth.NONE)
                .build();
    }

    /// Starts listening; throws an unchecked exception if the port cannot be had.
    public void start() {
        server.start();
        // A failure to bind is only logged by the web server.
        if (!server.isRunning()) throw new IllegalStateException("the web server did not start");
        watcher.start();
    }

    /// Why nobody can listen on an address now; empty if somebody can.
    public static Optional<String> problem(InetSocketAddress listen) {
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(listen);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("%s:%d cannot be listened on: %s (expected: a free port of this machine)"
                    .formatted(listen.getHostString(), listen.getPort(), e.getMessage()));
        }
    }

    public RouteTable routes() {
        return routes;
    }

    /// Where it listens.
    public URI uri() {
        try {
            var host = listen.getAddress().getHostAddress();
            return new URI(tls.isPresent() ? "https" : "http", null, host, server.port(), null, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("an address makes a URL", e);
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
        server.stop();
    }

    private void serve(ServerRequest request, ServerResponse response) {
        arrivals.complete();
        var id = requestIds.get();
        response.header("X-Request-Id", id);
        response.header("Cache-Control", "no-store");
        response.header("X-Content-Type-Options", "nosniff");
        ScopedValue.where(RequestId.CURRENT, id).run(() -> {
            var answer = answer(request);
            answered.computeIfAbsent(status(answer), _ -> new LongAdder()).increment();
            if (!isTakenIn(request)) response.header("Connection", "close");
            write(answer, request, response);
        });
    }

    /// Takes in what a refusal has left of a body, within bounds: a connection that is closed while the caller
    /// still sends takes the answer with it.
    private boolean isTakenIn(ServerRequest request) {
        if (!request.content().hasEntity() || request.content().consumed()) return true;
        arrivals.begin();
        boolean isRead = isRead(request);
        arrivals.complete();
        return isRead;
    }

    private static boolean isRead(ServerRequest request) {
        try (var in = request.content().inputStream()) {
            return isReadToItsEnd(in);
        } catch (IOException | RuntimeException _) {
            // The caller has gone, or the rest was given up before.
        }
        return false;
    }

    /// Whether there is nothing more to come.
    private static boolean isReadToItsEnd(InputStream in) throws IOException {
        var piece = new byte[PIECE];
        for (long left = MOST_TAKEN_IN; left > 0; ) {
            int read = in.read(piece);
            if (read < 0) return true;
            left -= read;
        }
        return false;
    }

    private Answer answer(ServerRequest request) {
        try {
            var path = request.path().rawPath();
            return switch (routes.meet(request.prologue().method().text(), path)) {
                case RouteTable.Meeting.Nowhere() -> Answer.notFound("There is nothing at " + path);
                case RouteTable.Meeting.OtherMethod(var allowed) ->
                    new Answer.Refused(405, "method-not-allowed", "Method not allowed", "Allowed here: " + allowed)
                            .with("Allow", allowed);
                case RouteTable.Meeting.Met(var route, var parameters) -> admitted(route, parameters, request);
            };
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Answer.Refused(503, "stopping", "Stopping", "This control plane is stopping.");
        } catch (CloseConnectionException gone) {
            throw gone;
        } catch (RuntimeException failure) {
            return answer(failure);
        }
    }

    private Answer answer(RuntimeException failure) {
        if (isPassing.test(failure)) {
            LOG.warn(
                    "request {} could not be served now: {}",
                    RequestId.current(),
                    root(failure).toString());
            return new Answer.Refused(
                            503,
                            "database-unavailable",
                            "The database does not answer",
                            "What was asked for is not confirmed; it is safe to ask again with the same"
                                    + " caller reference or If-Match.")
                    .with("Retry-After", RETRY_AFTER);
        }
        LOG.error("request {} failed", RequestId.current(), failure);
        return new Answer.Refused(
                500,
                "internal",
                "Internal error",
                "The log of the control plane tells more under request id " + RequestId.current() + ".");
    }

    /// What lies at the ground of it; what is around it may quote what was asked.
    private static Throwable root(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        return cause;
    }

    private Answer admitted(Route route, Map<String, String> parameters, ServerRequest request)
            throws InterruptedException {
        boolean isCertified = request.remotePeer().tlsCertificates().isPresent();
        if (tls.isPresent() && tls.get().asksForCertificates() && isForEdges(route) && !isCertified) {
            return new Answer.Refused(
                    403,
                    "client-certificate-needed",
                    "An edge has to show a certificate",
                    "This control plane takes edges only with a certificate that its --tls-client-ca vouches for.");
        }
        var caller = callerOf(request);
        return switch (route.requirement().judge(caller)) {
            case UNKNOWN_CALLER ->
                new Answer.Refused(
                                401,
                                "not-authenticated",
                                "Not authenticated",
                                "A valid bearer token is needed in the Authorization header.")
                        .with("WWW-Authenticate", "Bearer realm=\"nearside\"");
            case NOT_ALLOWED -> new Answer.Refused(403, "not-allowed", "Not allowed", notAllowed(route.requirement()));
            case PASS -> withBody(route, parameters, request, caller);
        };
    }

    private static boolean isForEdges(Route route) {
        return route.path().startsWith("/edge/");
    }

    private static String notAllowed(Requirement requirement) {
        return switch (requirement) {
            case Requirement.AtLeast(var role) -> "This needs the role " + role.word() + ".";
            case Requirement.AnEdge() -> "This is for enrolled edges.";
            case Requirement.Anyone() -> throw new IllegalStateException("anyone may call this");
        };
    }

    private Answer withBody(Route route, Map<String, String> parameters, ServerRequest request, Caller caller)
            throws InterruptedException {
        var query = query(request.query().rawValue());
        if (query.isEmpty()) return Answer.invalid("query", "malformed (expected: name=value, percent-encoded)");

        var problems = route.isChange() ? queryProblems(route, query.get()) : List.<Problem>of();
        if (!problems.isEmpty()) return Answer.invalid(problems);

        var claimed = request.headers().contentLength();
        if (route.body() == Route.Body.NONE) {
            boolean isSaid = claimed.isPresent()
                    ? claimed.getAsLong() > 0
                    : request.headers().contains(HeaderNames.TRANSFER_ENCODING);
            if (route.isChange() && isSaid) {
                return Answer.invalid("", "a body (expected: none)");
            }
            return handled(route, parameters, query.get(), request, caller, new byte[0]);
        }
        if (claimed.isPresent() && claimed.getAsLong() > route.largestBody()) return tooLarge(route);
        try (var arriving = new Body(roomFor(caller), route.largestBody())) {
            if (!hasRoomFor(request, arriving)) return busy();
            var body = arriving.bytes();
            if (body.length > route.largestBody()) return tooLarge(route);
            if (body.length == 0) {
                if (route.body() == Route.Body.REQUIRED) return Answer.invalid("", "no body (expected: JSON)");
            } else if (!isJson(request)) {
                return new Answer.Refused(
                        415,
                        "unsupported-media-type",
                        "Unsupported media type",
                        "Expected: Content-Type: application/json");
            }
            return handled(route, parameters, query.get(), request, caller, body);
        }
    }

    private static Answer handled(
            Route route,
            Map<String, String> parameters,
            Map<String, List<String>> query,
            ServerRequest request,
            Caller caller,
            byte[] body)
            throws InterruptedException {
        var headers = new HashMap<String, String>();
        request.headers().forEach(h -> headers.put(h.headerName().lowerCase(), h.values()));
        var call = new Call(caller, parameters, query, headers, body, place(request), isConfidential(request));
        var comment = route.isChange() ? PlainText.problemOfComment(call.comment()) : Optional.<String>empty();
        return comment.isPresent()
                ? Answer.invalid(COMMENT, comment.get())
                : route.handler().answer(call);
    }

    /// A word that is not known may be one that was misspelt: a change without `dryRun` is not a dry run.
    private static List<Problem> queryProblems(Route route, Map<String, List<String>> query) {
        var known = new TreeSet<>(route.parameters());
        known.add(COMMENT);
        var problems = Problems.none();
        new TreeMap<>(query).forEach((name, values) -> {
            if (!known.contains(name)) {
                problems.at(name)
                        .add("unknown (expected: no query parameter but %s)".formatted(String.join(", ", known)));
            } else if (values.size() > 1) {
                problems.at(name).add("%d times (expected: once)".formatted(values.size()));
            }
        });
        return problems.list();
    }

    private static boolean isConfidential(ServerRequest request) {
        return request.isSecure()
                || address(request).map(InetAddress::isLoopbackAddress).orElse(false);
    }

    /// Without asking anybody for its name.
    private static String place(ServerRequest request) {
        return address(request).map(InetAddress::getHostAddress).orElse("");
    }

    private static Optional<InetAddress> address(ServerRequest request) {
        return request.remotePeer().address() instanceof InetSocketAddress peer
                ? Optional.ofNullable(peer.getAddress())
                : Optional.empty();
    }

    private Room roomFor(Caller caller) {
        return switch (caller) {
            case Caller.Stranger() -> forStrangers;
            case Caller.Known _ -> forOperators;
            case Caller.Edge _ -> forEdges;
        };
    }

    private static Answer busy() {
        return new Answer.Refused(
                        503, "busy", "Too much at once", "Others are sending much just now; nothing was changed.")
                .with("Retry-After", RETRY_AFTER)
                .with("Connection", "close");
    }

    /// Reads the body; whether there was room for it.
    ///
    /// @throws CloseConnectionException if the rest does not come
    private boolean hasRoomFor(ServerRequest request, Body body) {
        if (!request.content().hasEntity()) return true;
        arrivals.begin(patience.multipliedBy(BODY_PATIENCE));
        boolean hasRoom;
        try (var in = request.content().inputStream()) {
            hasRoom = body.read(in);
            // Who is refused is to read why.
            if (!hasRoom || body.isTooLarge()) {
                var _ = isReadToItsEnd(in);
            }
        } catch (IOException | RuntimeException broken) {
            throw new CloseConnectionException("the body did not arrive", broken);
        }
        arrivals.complete();
        return hasRoom;
    }

    /// A body and the room that it takes, until it was dealt with.
    private static final class Body implements AutoCloseable {
        private final Room room;
        private final int largest;
        private final List<byte[]> pieces = new ArrayList<>();
        private int length;

        Body(Room room, int largest) {
            this.room = room;
            this.largest = largest;
        }

        /// Reads as much as there may be, and a bit more if there is more; false if there is no room.
        boolean read(InputStream in) throws IOException {
            while (length <= largest) {
                var piece = in.readNBytes(PIECE);
                if (piece.length == 0) return true;
                if (!room.take(piece.length)) return false;
                length += piece.length;
                pieces.add(piece);
            }
            return true;
        }

        boolean isTooLarge() {
            return length > largest;
        }

        byte[] bytes() {
            var whole = ByteBuffer.allocate(length);
            pieces.forEach(whole::put);
            pieces.clear();
            return whole.array();
        }

        @Override
        public void close() {
            room.leave(length);
        }
    }

    private static Answer tooLarge(Route route) {
        int kibibytes = route.largestBody() >> 10;
        var most = kibibytes % 1024 == 0 ? (kibibytes >> 10) + " MiB" : kibibytes + " KiB";
        return new Answer.Refused(413, "body-too-large", "Body too large", "Expected: at most " + most)
                .with("Connection", "close");
    }

    private static boolean isJson(ServerRequest request) {
        return request.headers().value(HeaderNames.CONTENT_TYPE).stream()
                .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .anyMatch("application/json"::equals);
    }

    private Caller callerOf(ServerRequest request) {
        return request.headers()
                .value(HeaderNames.AUTHORIZATION)
                .flatMap(Call::bearerToken)
                .map(authenticator::authenticate)
                .orElseGet(Caller.Stranger::new);
    }

    /// The parameters of a raw query; empty if an escape in it is broken.
    static Optional<Map<String, List<String>>> query(String raw) {
        var query = new HashMap<String, List<String>>();
        try {
            for (var pair : raw.split("&", -1)) {
                if (pair.isEmpty()) continue;
                int equals = pair.indexOf('=');
                var name = equals < 0 ? pair : pair.substring(0, equals);
                var value = equals < 0 ? "" : pair.substring(equals + 1);
                query.computeIfAbsent(URLDecoder.decode(name, StandardCharsets.UTF_8), _ -> new ArrayList<>())
                        .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
            }
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        return Optional.of(query);
    }

    private void write(Answer answer, ServerRequest request, ServerResponse response) {
        switch (answer) {
            case Answer.Document(var status, var body, var headers) -> {
                headers.forEach(response::header);
                send(response, status, "application/json", Json.write(body));
            }
            case Answer.NoContent() -> response.status(Status.NO_CONTENT_204).send();
            case Answer.Text(var status, var type, var text, var headers) -> {
                headers.forEach(response::header);
                send(response, status, type, text);
            }
            case Answer.Refused refused -> {
                refused.headers().forEach(response::header);
                send(response, refused.status(), "application/problem+json", Json.write(problem(refused)));
            }
            case Answer.Events(var source) -> stream(source, request, response);
        }
    }

    private static ProblemDocument problem(Answer.Refused refused) {
        var entries = refused.problems().stream()
                .map(problem -> new ProblemDocument.Entry(problem.path(), problem.message()))
                .toList();
        return new ProblemDocument(
                "urn:nearside:problem:" + refused.kind(),
                refused.title(),
                refused.status(),
                refused.detail(),
                RequestId.current(),
                entries,
                refused.current().orElse(null));
    }

    /// How many requests were answered since the start, by status; a feed counts when it begins.
    public SortedMap<Integer, Long> answered() {
        var counts = new TreeMap<Integer, Long>();
        answered.forEach((status, count) -> counts.put(status, count.sum()));
        return counts;
    }

    private static int status(Answer answer) {
        return switch (answer) {
            case Answer.Document document -> document.status();
            case Answer.NoContent() -> 204;
            case Answer.Text text -> text.status();
            case Answer.Refused refused -> refused.status();
            case Answer.Events _ -> 200;
        };
    }

    private static void send(ServerResponse response, int status, String type, String text) {
        response.status(Status.create(status));
        response.header("Content-Type", type);
        response.send(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Proxies between here and the reader are asked to pass every event on as it comes.
    private void stream(Consumer<EventSink> source, ServerRequest request, ServerResponse response) {
        boolean compressed = takesGzip(request);
        response.header("Content-Type", "text/event-stream");
        response.header("Cache-Control", "no-store, no-transform");
        response.header("X-Accel-Buffering", "no");
        response.header("Vary", "Accept-Encoding");
        if (compressed) response.header("Content-Encoding", "gzip");
        var writer = new EventWriter(response.outputStream(), compressed);
        streams.add(writer);
        try {
            writer.begin();
            source.accept(writer);
            writer.end();
        } catch (UncheckedIOException gone) {
            LOG.debug("event stream of {} ended: {}", request.remotePeer().host(), gone.toString());
            throw new CloseConnectionException("the reader is gone", gone);
        } catch (RuntimeException failure) {
            if (!isPassing.test(failure)) {
                LOG.error("event stream {} failed", RequestId.current(), failure);
                throw new CloseConnectionException("it failed", failure);
            }
            var why = root(failure).toString();
            LOG.info("event stream of {} ended: {}", request.remotePeer().host(), why);
            throw new CloseConnectionException("the database is away", failure);
        } finally {
            streams.remove(writer);
        }
    }

    private static boolean takesGzip(ServerRequest request) {
        return request.headers().values(HeaderNames.ACCEPT_ENCODING).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(value -> value.strip().toLowerCase(Locale.ROOT))
                .anyMatch(value -> value.equals("gzip") || value.matches("gzip;q=(1|0\\.\\d*[1-9]).*"));
    }

    /// A reader that takes nothing must not keep a connection and a thread for ever.
    private void watch() {
        try {
            while (true) {
                Thread.sleep(Duration.ofMillis(Math.min(1000, patience.toMillis())));
                long now = System.nanoTime();
                tls.ifPresent(ReloadedTls::lookAgain);
                arrivals.giveUp(now);
                for (var stream : streams) stream.giveUpIfStuck(patience.toNanos(), now);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// An address to listen on, as an operator writes it.
    public static Optional<InetSocketAddress> parse(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        if (colon < 1) return Optional.empty();
        try {
            var host = hostAndPort.substring(0, colon);
            var port = Integer.parseInt(hostAndPort.substring(colon + 1));
            if (port < 0 || port > 65535) return Optional.empty();
            return Optional.of(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (NumberFormatException | java.net.UnknownHostException _) {
            return Optional.empty();
        }
    }
}
