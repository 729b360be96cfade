package dev.nearside.edge.origin;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.origin.OriginOutcome.Waiting;
import dev.nearside.edge.store.Contexts;
import dev.nearside.model.origin.Origin;
import dev.nearside.model.origin.Timeouts;
import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Asks origins over pooled HTTP/1.1 connections, as patiently as each origin's settings say (CF§1.3).
public final class OriginClient {

    private static final int CONNECTIONS_PER_ORIGIN = 256;

    /// Connections that have ended to be HTTP last as long as their viewers like; requests must not wait for them.
    private static final int TUNNELS_PER_ORIGIN = 4096;

    private static final int WAITING_PER_ORIGIN = 4096;

    /// How much longer a request waits for a connection to become free than connecting and its handshake can take: an
    /// origin that is late itself is then known by its own exceptions.
    private static final Duration LONGER = Duration.ofSeconds(2);

    private static final int MAX_HEAD_BYTES = 32_768;

    private final Vertx vertx;
    private final OriginAddresses addresses;
    private final OriginTrust trust;
    private final Health health;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<Pooled, HttpClient> pools = new ConcurrentHashMap<>();

    /// What connections of one pool have in common.
    private record Pooled(Duration keepAlive, Duration connect, boolean tunnels) {}

    public OriginClient(
            Vertx vertx,
            OriginAddresses addresses,
            OriginTrust trust,
            Health health,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.vertx = vertx;
        this.addresses = addresses;
        this.trust = trust;
        this.health = health;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /// Sends a request; the future never fails. Called on a Vert.x context.
    ///
    /// @param body what the viewer sends along
    /// @param givenUp completed when nobody waits for the answer any more, on whatever thread
    public Future<OriginOutcome> ask(
            Origin origin,
            OriginAddress to,
            ForwardedRequest request,
            Optional<ReadStream<Buffer>> body,
            Optional<Future<Void>> givenUp) {
        var call = new Call(origin, to, request, body, false);
        var context = Contexts.current();
        givenUp.ifPresent(up -> up.onComplete(_ -> context.runOnContext(_ -> call.giveUp())));
        return call.run().map(opening -> switch (opening) {
            case Opening.Answer(var outcome) -> outcome;
            case Opening.Tunnel _ -> throw new IllegalStateException("nobody asked for a tunnel");
        });
    }

    /// Asks for a connection that ends to be HTTP (RFC 9110, section 7.8); the future never fails. Called on a Vert.x
    /// context.
    ///
    /// @param request without `Connection` and `Upgrade`
    public Future<Opening> open(Origin origin, OriginAddress to, ForwardedRequest request) {
        return new Call(origin, to, request, Optional.empty(), true).run();
    }

    /// What came of asking for a WebSocket.
    public sealed interface Opening {

        /// The origin agreed; what follows its head belongs to the viewer.
        ///
        /// @param socket paused
        record Tunnel(Headers headers, NetSocket socket, Channel channel) implements Opening {}

        record Answer(OriginOutcome outcome) implements Opening {}
    }

    /// One request with all its attempts.
    ///
    /// Connecting is tried again for every method. What was sent is sent again only if it was GET or HEAD, and only
    /// as long as nothing of the answer has come.
    private final class Call {
        private final Origin origin;
        private final OriginAddress to;
        private final ForwardedRequest request;
        private final Optional<ReadStream<Buffer>> body;
        private final Timeouts timeouts;
        private final boolean repeatable;
        private final boolean upgrade;
        private final Promise<Opening> outcome = Promise.promise();
        private final Runnable stopClock;
        private List<InetAddress> allowed = List.of();
        private boolean wasStale;
        private Health.@Nullable Place place;
        private @Nullable HttpClientRequest outgoing;
        private @Nullable OriginBody arriving;

        Call(
                Origin origin,
                OriginAddress to,
                ForwardedRequest request,
                Optional<ReadStream<Buffer>> body,
                boolean upgrade) {
            this.upgrade = upgrade;
            this.origin = origin;
            this.to = to;
            this.request = request;
            this.body = body;
            this.timeouts = origin.timeouts();
            this.repeatable = body.isEmpty()
                    && (request.method().equals("GET") || request.method().equals("HEAD"));
            this.stopClock = timeouts.completion().map(this::startClock).orElse(() -> {});
        }

        /// The time for the whole answer, all attempts included.
        private Runnable startClock(Duration completion) {
            long timer = vertx.setTimer(completion.toMillis(), _ -> {
                if (outcome.tryComplete(new Opening.Answer(late(Waiting.WHOLE_ANSWER, completion)))) {
                    if (outgoing != null) outgoing.reset();
                } else if (arriving != null) {
                    arriving.breakOff(new TimeoutException("the whole answer took too long"));
                }
            });
            return () -> vertx.cancelTimer(timer);
        }

        Future<Opening> run() {
            addresses.resolve(origin.domainName()).onComplete(found -> {
                if (found.failed()) {
                    var why = found.cause() instanceof UnknownHostException
                            ? "its name has no address"
                            : said(found.cause());
                    fail(new OriginOutcome.Unreachable(origin.domainName(), why));
                    return;
                }
                allowed =
                        found.result().stream().filter(addresses::mayConnectTo).toList();
                if (allowed.isEmpty()) {
                    var one = found.result().getFirst().getHostAddress();
                    fail(new OriginOutcome.Forbidden(origin.domainName(), one));
                } else {
                    attempt(1);
                }
            });
            return outcome.future();
        }

        /// An answer that has begun is its reader's to end.
        void giveUp() {
            var abandoned = new OriginOutcome.Abandoned(origin.domainName());
            if (!outcome.tryComplete(new Opening.Answer(abandoned))) return;
            stopClock.run();
            if (outgoing != null) outgoing.reset();
        }

        private void fail(OriginOutcome.Failed failure) {
            stopClock.run();
            outcome.tryComplete(new Opening.Answer(failure));
        }

        private OriginOutcome.TimedOut late(Waiting waiting, Duration after) {
            return new OriginOutcome.TimedOut(origin.domainName(), waiting, after);
        }

        /// @param number from 1; each attempt goes to another address, if there are several
        private void attempt(int number) {
            var address = choose(number);
            place = new Health.Place.Address(address, to.port());
            var requestedAt = clock.instant();
            connect(address).onComplete(connected -> {
                if (outcome.future().isComplete()) {
                    if (connected.succeeded()) connected.result().reset();
                } else if (connected.failed()) {
                    unconnected(number, connected.cause());
                } else {
                    converse(number, connected.result(), requestedAt);
                }
            });
        }

        private Future<HttpClientRequest> connect(InetAddress address) {
            try {
                return pool(timeouts, upgrade).request(options(address));
            } catch (IllegalStateException closed) {
                // The node stops: the pool says so by throwing.
                return Future.failedFuture(closed);
            }
        }

        /// Another address for each attempt, and none that is left alone if there is any other.
        private InetAddress choose(int number) {
            for (int i = 0; allowed.size() > 1 && i < allowed.size(); i++) {
                var address = allowed.get((number - 1 + i) % allowed.size());
                if (health.mayTry(new Health.Place.Address(address, to.port()))) return address;
            }
            return allowed.get((number - 1) % allowed.size());
        }

        private RequestOptions options(InetAddress address) {
            // A certificate must be good for the name that is asked for (CF§1.3); without TLS all names share a pool.
            var name = to.isSecure() ? request.hostName().orElse(to.host()) : to.host();
            return new RequestOptions()
                    .setServer(SocketAddress.inetSocketAddress(to.port(), address.getHostAddress()))
                    .setHost(name)
                    .setPort(to.port())
                    .setSsl(to.isSecure())
                    .setMethod(HttpMethod.valueOf(request.method()))
                    .setURI(request.target())
                    .setConnectTimeout(2 * timeouts.connect().toMillis() + LONGER.toMillis());
        }

        private void unconnected(int number, Throwable cause) {
            if (cause instanceof HttpClosedException && !wasStale) {
                // It was closed between being chosen and being used.
                wasStale = true;
                attempt(number);
                return;
            }
            boolean another = number < allowed.size() && number < timeouts.attempts();
            if (cause instanceof TimeoutException || cause instanceof ConnectionPoolTooBusyException) {
                // Whoever waited for a connection of ours to become free has learnt nothing of the origin.
                if (another) attempt(number + 1);
                else fail(new OriginOutcome.Crowded(origin.domainName()));
                return;
            }
            notWell();
            boolean late =
                    isBy(cause, ConnectTimeoutException.class) || isBy(cause, SslHandshakeTimeoutException.class);
            var complaint = late ? Optional.<String>empty() : OriginTrust.complaint(cause);
            if (complaint.isPresent()) {
                // Asking the same one again does not make it somebody else.
                if (another) attempt(number + 1);
                else fail(new OriginOutcome.Untrusted(origin.domainName(), complaint.get()));
            } else if (number < timeouts.attempts()) {
                attempt(number + 1);
            } else if (late) {
                fail(late(Waiting.CONNECTION, timeouts.connect()));
            } else {
                fail(new OriginOutcome.Unreachable(origin.domainName(), said(cause)));
            }
        }

        private void converse(int number, HttpClientRequest outgoing, Instant requestedAt) {
            this.outgoing = outgoing;
            boolean used = OriginWire.wasUsed(outgoing.connection());
            var lateness = late(Waiting.NEXT_BYTE, timeouts.read());
            var patience = new Patience(
                    vertx,
                    nanoTime,
                    timeouts.read().toMillis(),
                    () -> outgoing.reset(0, new TimeoutException("the origin did not answer")));
            // Whatever breaks it is told to whoever waits for the response, or reads it.
            outgoing.exceptionHandler(_ -> {});
            write(request.headers(), outgoing, upgrade);
            var responding = upgrade
                    ? outgoing.connect()
                    : body.isPresent() ? upload(body.get(), outgoing, patience) : outgoing.send();
            if (body.isEmpty()) patience.expect();
            responding.onComplete(responded -> {
                patience.end();
                if (outcome.future().isComplete()) {
                    outgoing.reset();
                } else if (responded.succeeded()) {
                    answered(responded.result(), requestedAt);
                } else {
                    unanswered(number, used, lateness, responded.cause());
                }
            });
        }

        private void unanswered(int number, boolean used, OriginOutcome.TimedOut lateness, Throwable cause) {
            boolean closed = cause instanceof HttpClosedException || cause instanceof IOException;
            if (repeatable && closed && used && !wasStale) {
                wasStale = true;
                attempt(number);
                return;
            }
            if (closed || isTimeout(cause)) notWell();
            if (repeatable && (closed || isTimeout(cause)) && number < timeouts.attempts()) {
                attempt(number + 1);
            } else if (isTimeout(cause)) {
                fail(lateness);
            } else if (cause instanceof HttpClosedException) {
                fail(new OriginOutcome.Unreachable(origin.domainName(), "it closed the connection without an answer"));
            } else if (closed) {
                fail(new OriginOutcome.Unreachable(origin.domainName(), said(cause)));
            } else {
                fail(new OriginOutcome.Malformed(origin.domainName(), said(cause)));
            }
        }

        private void notWell() {
            if (place != null) health.failed(place);
        }

        private void answered(HttpClientResponse response, Instant requestedAt) {
            if (place != null) health.worked(place);
            var head = OriginHead.of(response);
            if (upgrade && head.switchesFor(request)) {
                stopClock.run();
                // The tunnel hears of its end by itself; the transport would log it as an error.
                response.request().exceptionHandler(_ -> {});
                var channel = OriginWire.channel(response.request().connection());
                outcome.tryComplete(
                        new Opening.Tunnel(head.headers(), response.netSocket().pause(), channel));
                return;
            }
            var nonsense = head.nonsense();
            if (nonsense.isPresent()) {
                response.exceptionHandler(_ -> {}).request().reset();
                fail(new OriginOutcome.Malformed(origin.domainName(), nonsense.get()));
                return;
            }
            var length = head.length();
            boolean hasBody = head.hasBody(request);
            arriving = new OriginBody(
                    response,
                    hasBody ? length : OptionalLong.empty(),
                    lost -> new Patience(vertx, nanoTime, timeouts.read().toMillis(), lost),
                    stopClock);
            outcome.tryComplete(new Opening.Answer(new OriginOutcome.Answered(
                    head.status(), head.headers(), length, hasBody, arriving, requestedAt, clock.instant())));
        }
    }

    private static boolean isTimeout(Throwable cause) {
        return isBy(cause, TimeoutException.class);
    }

    private static boolean isBy(Throwable cause, Class<? extends Throwable> kind) {
        for (var one = cause; one != null; one = one.getCause()) if (kind.isInstance(one)) return true;
        return false;
    }

    /// A body that breaks off must not look whole to the origin; and while it is on its way, the origin is not late.
    private static Future<HttpClientResponse> upload(
            ReadStream<Buffer> body, HttpClientRequest outgoing, Patience patience) {
        if (!outgoing.headers().contains(HttpHeaders.CONTENT_LENGTH)) outgoing.setChunked(true);
        body.pipe()
                .endOnFailure(false)
                .to(new Upload(outgoing, patience))
                .onFailure(broken -> outgoing.reset(0, broken));
        return outgoing.response();
    }

    private static void write(Headers headers, HttpClientRequest outgoing, boolean upgrade) {
        for (var field : headers.fields()) outgoing.headers().add(field.name(), field.value());
        outgoing.headers().add("Connection", upgrade ? "Upgrade" : "Keep-Alive");
        if (upgrade) outgoing.headers().add("Upgrade", "websocket");
    }

    private HttpClient pool(Timeouts timeouts, boolean tunnels) {
        return pools.computeIfAbsent(new Pooled(timeouts.keepAlive(), timeouts.connect(), tunnels), this::open);
    }

    private HttpClient open(Pooled kind) {
        return vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setConnectTimeout((int) kind.connect().toMillis())
                        .setSslHandshakeTimeout(kind.connect().toMillis())
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setKeepAliveTimeout((int) kind.keepAlive().toSeconds())
                        .setMaxHeaderSize(MAX_HEAD_BYTES)
                        .setDecompressionSupported(false)
                        .setTcpNoDelay(true)
                        .setTrustOptions(trust.options())
                        .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
                        .setVerifyHost(true))
                .with(new PoolOptions()
                        .setHttp1MaxSize(kind.tunnels() ? TUNNELS_PER_ORIGIN : CONNECTIONS_PER_ORIGIN)
                        .setMaxWaitQueueSize(WAITING_PER_ORIGIN))
                .withConnectHandler(OriginWire::guard)
                .build();
    }

    private static String said(Throwable failure) {
        var message = failure.getMessage();
        if (message == null) return failure.getClass().getSimpleName();
        // Without the name and the number that the native transport has for it.
        return message.replaceFirst("^[a-zA-Z]+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "");
    }
}
