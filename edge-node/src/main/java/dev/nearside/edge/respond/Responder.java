package dev.nearside.edge.respond;

import dev.nearside.edge.accept.Arrival;
import dev.nearside.edge.origin.OriginClient;
import dev.nearside.edge.origin.Tunnel;
import dev.nearside.edge.respond.Reply.Content;
import dev.nearside.edge.store.BodyReader;
import dev.nearside.edge.store.Contexts;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.http1.Http1ServerConnection;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes replies to viewers: as fast as each of them reads, and no faster.
public final class Responder {

    private static final Logger LOG = LoggerFactory.getLogger(Responder.class);

    private final LongSupplier nanoTime;

    /// What a viewer got.
    ///
    /// @param bodyBytes handed to the transport
    /// @param whole whether that was all
    /// @param firstByteNanos when the head was handed to the transport, on the clock of {@link Arrival#nanoTime}
    public record Sent(long bodyBytes, boolean whole, long firstByteNanos) {}

    public Responder(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Sends a reply; the future never fails. Called on the viewer's context.
    ///
    /// @param closes whether the connection ends with this reply
    public Future<Sent> send(Reply reply, Arrival arrival, boolean closes) {
        var response = arrival.transport().response();
        if (response.closed() || response.ended()) {
            discard(reply.content());
            reply.done().run();
            return Future.succeededFuture(new Sent(0, false, nanoTime.getAsLong()));
        }
        response.setStatusCode(reply.status());
        var headers = response.headers();
        long firstByte = nanoTime.getAsLong();
        for (var field : reply.headers().fields()) {
            headers.add(
                    field.name(), ServerTiming.ended(field, arrival.request().id(), firstByte - arrival.nanoTime()));
        }
        boolean http1 = arrival.transport().version() == HttpVersion.HTTP_1_0
                || arrival.transport().version() == HttpVersion.HTTP_1_1;
        if (closes && http1) response.putHeader("Connection", "close");
        var sent = switch (reply.content()) {
            case Content.None() -> end(response, firstByte);
            case Content.Whole(var bytes) -> whole(response, bytes, firstByte);
            case Content.Streamed(var reader, var limit) -> {
                if (!reply.headers().has("Content-Length")) {
                    // Before HTTP/1.1 the end of the connection is the end of the body.
                    if (arrival.transport().version() == HttpVersion.HTTP_1_0) {
                        response.putHeader("Connection", "close");
                    } else {
                        response.setChunked(true);
                    }
                }
                yield new Stream(
                                response,
                                reader,
                                limit,
                                firstByte,
                                arrival.request().id())
                        .start();
            }
            case Content.Tunnelled(var origin) -> tunnel(arrival, origin, firstByte);
        };
        return sent.andThen(_ -> {
            if (closes && http1) arrival.transport().connection().close();
            reply.done().run();
        });
    }

    private static void discard(Content content) {
        switch (content) {
            case Content.None() -> {}
            case Content.Whole(var bytes) -> bytes.release();
            case Content.Streamed(var reader, var _) -> reader.close();
            case Content.Tunnelled(var origin) -> origin.socket().close();
        }
    }

    /// Both ends are paused until both are there.
    private Future<Sent> tunnel(Arrival arrival, OriginClient.Opening.Tunnel origin, long firstByte) {
        var transport = arrival.transport();
        var channel = ((Http1ServerConnection) transport.connection()).channel();
        // The transport wants to see this word alone.
        transport.headers().set("Connection", "Upgrade");
        return transport
                .toNetSocket()
                .compose(viewer -> {
                    viewer.pause();
                    var context = (ContextInternal) Contexts.current();
                    return new Tunnel(
                                    context.owner(),
                                    nanoTime,
                                    context,
                                    new Tunnel.End(viewer, channel),
                                    new Tunnel.End(origin.socket(), origin.channel()))
                            .run();
                })
                .transform(carried -> {
                    if (carried.failed()) origin.socket().close();
                    return Future.succeededFuture(
                            new Sent(carried.succeeded() ? carried.result() : 0, carried.succeeded(), firstByte));
                });
    }

    private static Future<Sent> end(HttpServerResponse response, long firstByte) {
        return response.end().transform(ended -> Future.succeededFuture(new Sent(0, ended.succeeded(), firstByte)));
    }

    private static Future<Sent> whole(HttpServerResponse response, ByteBuf bytes, long firstByte) {
        long length = bytes.readableBytes();
        return response.end(BufferInternal.buffer(bytes)).transform(ended -> {
            bytes.release(); // the transport does not
            return Future.succeededFuture(new Sent(ended.succeeded() ? length : 0, ended.succeeded(), firstByte));
        });
    }

    /// One body on its way: read, write, wait for the viewer to drain, and again.
    private static final class Stream {
        private final HttpServerResponse response;
        private final BodyReader reader;
        private final long firstByte;
        private final String requestId;
        private final Context context = Contexts.current();
        private final Promise<Sent> done = Promise.promise();
        private long left;
        private long sent;
        private boolean waiting;
        private boolean ending;

        Stream(HttpServerResponse response, BodyReader reader, long limit, long firstByte, String requestId) {
            this.response = response;
            this.reader = reader;
            this.left = limit;
            this.firstByte = firstByte;
            this.requestId = requestId;
        }

        Future<Sent> start() {
            response.closeHandler(_ -> gone());
            response.exceptionHandler(_ -> gone());
            response.drainHandler(_ -> advance());
            advance();
            return done.future();
        }

        /// A viewer closes behind the last byte; what became of that byte is told where it is sent.
        private void gone() {
            if (!ending) finish(false);
        }

        private boolean isDone() {
            return done.future().isComplete();
        }

        /// Goes on without recursion while the bytes are at hand and the viewer takes them.
        private void advance() {
            while (!isDone() && !ending && !response.writeQueueFull() && !waiting) {
                if (left == 0) {
                    end();
                    return;
                }
                var next = reader.next();
                if (!next.isComplete()) {
                    waiting = true;
                    next.onComplete(_ -> context.runOnContext(_ -> {
                        waiting = false;
                        take(next);
                        advance();
                    }));
                    return;
                }
                take(next);
            }
        }

        private void take(Future<ByteBuf> next) {
            if (next.failed()) {
                breakOff(next.cause());
                return;
            }
            var bytes = next.result();
            if (isDone()) {
                bytes.release();
            } else if (!bytes.isReadable()) {
                bytes.release();
                end();
            } else {
                if (bytes.readableBytes() > left) bytes.writerIndex(bytes.readerIndex() + (int) left);
                left -= bytes.readableBytes();
                sent += bytes.readableBytes();
                // The transport takes no reference of ours over.
                response.write(BufferInternal.buffer(bytes)).onComplete(_ -> bytes.release());
            }
        }

        private void end() {
            ending = true;
            response.end().onComplete(ended -> finish(ended.succeeded()));
        }

        /// A body that broke off must not look whole to the viewer (RFC 9112, section 8).
        private void breakOff(Throwable why) {
            if (!isDone()) LOG.warn("Request {}: broken off after {} bytes: {}", requestId, sent, why.toString());
            response.reset();
            finish(false);
        }

        private void finish(boolean whole) {
            if (done.tryComplete(new Sent(sent, whole, firstByte))) reader.close();
        }
    }
}
