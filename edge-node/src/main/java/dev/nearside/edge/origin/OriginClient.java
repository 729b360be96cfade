package dev.nearside.edge.origin;

import dev.nearside.edge.http.Headers;
import dev.nearside.model.origin.Origin;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Asks origins over pooled HTTP/1.1 connections, as patiently as each origin's settings say (CF§1.3).
public final class OriginClient {

    private static final int CONNECTIONS_PER_ORIGIN = 256;
    private static final int WAITING_PER_ORIGIN = 4096;
    private static final int MAX_HEAD_BYTES = 32_768;

    private final Vertx vertx;
    private final OriginAddresses addresses;
    private final InstantSource clock;

    /// One pool for each time that idle connections are kept.
    private final ConcurrentHashMap<Duration, HttpClient> pools = new ConcurrentHashMap<>();

    public OriginClient(Vertx vertx, OriginAddresses addresses, InstantSource clock) {
        this.vertx = vertx;
        this.addresses = addresses;
        this.clock = clock;
    }

    /// Sends a request; the future never fails.
    ///
    /// @param body what the viewer sends along; such a request is tried once, others as often as the origin's
    ///     settings say
    public Future<OriginOutcome> ask(
            Origin origin, OriginAddress to, ForwardedRequest request, Optional<ReadStream<Buffer>> body) {
        boolean repeatable = body.isEmpty()
                && (request.method().equals("GET") || request.method().equals("HEAD"));
        return addresses
                .resolve(origin.domainName())
                .compose(found -> {
                    var allowed = found.stream().filter(addresses::mayConnectTo).toList();
                    return allowed.isEmpty()
                            ? Future.succeededFuture(new OriginOutcome.Forbidden(
                                    origin.domainName(), found.getFirst().getHostAddress()))
                            : attempt(
                                    origin,
                                    to,
                                    request,
                                    body,
                                    allowed,
                                    1,
                                    repeatable ? origin.timeouts().attempts() : 1);
                })
                .recover(failure -> Future.succeededFuture(outcome(origin, failure)));
    }

    /// Closes all connections.
    public Future<Void> close() {
        return Future.join(pools.values().stream().map(HttpClient::close).toList())
                .mapEmpty();
    }

    private Future<OriginOutcome> attempt(
            Origin origin,
            OriginAddress to,
            ForwardedRequest request,
            Optional<ReadStream<Buffer>> body,
            List<InetAddress> allowed,
            int number,
            int attempts) {
        var address = allowed.get((number - 1) % allowed.size());
        return once(origin, to, request, body, address).recover(failure -> {
            if (number < attempts) return attempt(origin, to, request, body, allowed, number + 1, attempts);
            return Future.succeededFuture(outcome(origin, failure));
        });
    }

    private Future<OriginOutcome> once(
            Origin origin,
            OriginAddress to,
            ForwardedRequest request,
            Optional<ReadStream<Buffer>> body,
            InetAddress address) {
        var timeouts = origin.timeouts();
        var options = new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(to.port(), address.getHostAddress()))
                .setHost(to.host())
                .setPort(to.port())
                .setSsl(to.isSecure())
                .setMethod(HttpMethod.valueOf(request.method()))
                .setURI(request.target())
                .setConnectTimeout(timeouts.connect().toMillis())
                .setIdleTimeout(timeouts.read().toMillis());
        var requestedAt = clock.instant();
        return pool(timeouts.keepAlive())
                .request(options)
                .compose(outgoing -> {
                    write(request.headers(), outgoing);
                    return body.isPresent() ? upload(body.get(), outgoing, timeouts.read()) : outgoing.send();
                })
                .map(response -> {
                    var headers = headers(response);
                    var nonsense = nonsense(response.statusCode(), headers);
                    if (nonsense.isPresent()) {
                        response.request().reset();
                        return new OriginOutcome.Malformed(origin.domainName(), nonsense.get());
                    }
                    var length = length(headers);
                    boolean hasBody = hasBody(request, response.statusCode());
                    return new OriginOutcome.Answered(
                            response.statusCode(),
                            headers,
                            length,
                            hasBody,
                            new OriginBody(response, hasBody ? length : OptionalLong.empty()),
                            requestedAt,
                            clock.instant());
                });
    }

    /// A body that breaks off must not look whole to the origin; and while it is on its way, the origin is not late.
    private static Future<HttpClientResponse> upload(
            ReadStream<Buffer> body, HttpClientRequest outgoing, Duration patience) {
        if (!outgoing.headers().contains(HttpHeaders.CONTENT_LENGTH)) outgoing.setChunked(true);
        body.pipe()
                .endOnFailure(false)
                .to(new Upload(outgoing, patience.toMillis()))
                .onFailure(broken -> outgoing.reset(0, broken));
        return outgoing.response();
    }

    /// Counts the origin's time anew from each piece that is sent.
    private record Upload(HttpClientRequest outgoing, long patience) implements WriteStream<Buffer> {

        @Override
        public Future<Void> write(Buffer bytes) {
            outgoing.idleTimeout(patience);
            return outgoing.write(bytes);
        }

        @Override
        public Future<Void> end() {
            return outgoing.end();
        }

        @Override
        public Upload exceptionHandler(@Nullable Handler<Throwable> handler) {
            outgoing.exceptionHandler(handler);
            return this;
        }

        @Override
        public Upload setWriteQueueMaxSize(int size) {
            outgoing.setWriteQueueMaxSize(size);
            return this;
        }

        @Override
        public boolean writeQueueFull() {
            return outgoing.writeQueueFull();
        }

        @Override
        public Upload drainHandler(@Nullable Handler<Void> handler) {
            outgoing.drainHandler(handler);
            return this;
        }
    }

    /// Why a head cannot be passed on: no final status, or a body in a framing that is not ours to undo.
    private static Optional<String> nonsense(int status, Headers headers) {
        if (status < 200 || status > 999) return Optional.of("status " + status);
        var codings = headers.all("Transfer-Encoding");
        boolean known = codings.isEmpty()
                || (codings.size() == 1 && codings.getFirst().strip().equalsIgnoreCase("chunked"));
        return known ? Optional.empty() : Optional.of("Transfer-Encoding " + codings);
    }

    private static void write(Headers headers, HttpClientRequest outgoing) {
        for (var field : headers.fields()) {
            if (field.is("Host")) outgoing.authority(authority(field.value()));
            else outgoing.headers().add(field.name(), field.value());
        }
    }

    private static HostAndPort authority(String host) {
        var parsed = HostAndPort.parseAuthority(host, -1);
        return parsed != null ? parsed : HostAndPort.authority(host);
    }

    private static Headers headers(HttpClientResponse response) {
        var fields = new ArrayList<Headers.Field>(response.headers().size());
        for (var entry : response.headers()) fields.add(new Headers.Field(entry.getKey(), entry.getValue()));
        return new Headers(fields);
    }

    private static boolean hasBody(ForwardedRequest request, int status) {
        return !request.method().equals("HEAD") && status != 204 && status != 304;
    }

    private static OptionalLong length(Headers headers) {
        return headers.first("Content-Length")
                .map(text -> OptionalLong.of(Long.parseLong(text.strip())))
                .orElse(OptionalLong.empty());
    }

    private HttpClient pool(Duration keepAlive) {
        return pools.computeIfAbsent(
                keepAlive,
                time -> vertx.createHttpClient(
                        new HttpClientOptions()
                                .setKeepAliveTimeout((int) time.toSeconds())
                                .setMaxHeaderSize(MAX_HEAD_BYTES)
                                .setDecompressionSupported(false)
                                .setTcpNoDelay(true)
                                .setVerifyHost(true),
                        new PoolOptions()
                                .setHttp1MaxSize(CONNECTIONS_PER_ORIGIN)
                                .setMaxWaitQueueSize(WAITING_PER_ORIGIN)));
    }

    private static OriginOutcome outcome(Origin origin, Throwable failure) {
        return switch (failure) {
            case ConnectTimeoutException _ ->
                new OriginOutcome.TimedOut(
                        origin.domainName(), origin.timeouts().connect());
            case TimeoutException _ ->
                new OriginOutcome.TimedOut(
                        origin.domainName(), origin.timeouts().read());
            case UnknownHostException _ ->
                new OriginOutcome.Unreachable(origin.domainName(), "its name has no address");
            case HttpClosedException _ -> new OriginOutcome.Malformed(origin.domainName(), "it closed the connection");
            case ConnectException refused -> new OriginOutcome.Unreachable(origin.domainName(), said(refused));
            case IOException broken -> new OriginOutcome.Unreachable(origin.domainName(), said(broken));
            default -> new OriginOutcome.Malformed(origin.domainName(), said(failure));
        };
    }

    private static String said(Throwable failure) {
        var message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
