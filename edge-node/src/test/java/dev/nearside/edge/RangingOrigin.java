package dev.nearside.edge;

import dev.nearside.edge.http.ByteRange;
import dev.nearside.edge.http.ByteRange.Portion;
import dev.nearside.edge.http.ContentRange;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/// An origin of objects that are as large as a test wants, and made up byte by byte. It understands ranges and
/// conditions, counts what it sends, and sends no faster than it is read.
final class RangingOrigin implements AutoCloseable {

    private static final int PIECE = 32 * 1024;

    /// One object.
    ///
    /// @param seed its bytes follow from it
    /// @param headers alternating names and values; with an `ETag`, it can be revalidated, and `If-Range` is heeded
    /// @param ranges whether parts are to be had
    record Thing(long seed, long length, boolean ranges, Map<String, String> headers) {
        static Thing of(long seed, long length) {
            return new Thing(seed, length, true, Map.of("ETag", "\"v" + seed + "\"", "Cache-Control", "max-age=60"));
        }

        Thing with(Map<String, String> other) {
            return new Thing(seed, length, ranges, other);
        }

        Thing withoutRanges() {
            return new Thing(seed, length, false, headers);
        }

        byte at(long offset) {
            return byteAt(seed, offset);
        }

        byte[] bytes(long first, long last) {
            var bytes = new byte[Math.toIntExact(last - first + 1)];
            for (int i = 0; i < bytes.length; i++) bytes[i] = at(first + i);
            return bytes;
        }
    }

    /// What one request asked for.
    record Asked(
            String method,
            String path,
            Optional<String> range,
            Optional<String> ifRange,
            Optional<String> ifNoneMatch) {}

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final Map<String, Thing> things = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final AtomicLong sent = new AtomicLong();

    RangingOrigin() {
        server = vertx.createHttpServer().requestHandler(this::answer);
        server.listen(0, "127.0.0.1").await();
    }

    static byte byteAt(long seed, long offset) {
        long mixed = (seed * 31 + (offset >> 3)) * 0x9e37_79b9_7f4a_7c15L;
        return (byte) (mixed >>> (offset & 7) * 7);
    }

    int port() {
        return server.actualPort();
    }

    void on(String path, Thing thing) {
        things.put(path, thing);
    }

    void forget(String path) {
        things.remove(path);
    }

    List<Asked> trips(String path) {
        return asked.stream().filter(one -> one.path().equals(path)).toList();
    }

    /// Bytes of bodies handed to the transport.
    long sent() {
        return sent.get();
    }

    private void answer(HttpServerRequest request) {
        var path = Objects.requireNonNullElse(request.path(), "");
        var range = Optional.ofNullable(request.getHeader("Range"));
        asked.add(new Asked(
                request.method().name(),
                path,
                range,
                Optional.ofNullable(request.getHeader("If-Range")),
                Optional.ofNullable(request.getHeader("If-None-Match"))));
        var thing = things.get(path);
        var response = request.response();
        if (thing == null) {
            response.setStatusCode(404).putHeader("Cache-Control", "max-age=0").end();
            return;
        }
        thing.headers().forEach(response::putHeader);
        var tag = thing.headers().get("ETag");
        if (tag != null && tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
            return;
        }
        var ifRange = request.getHeader("If-Range");
        boolean heeds = thing.ranges()
                && (ifRange == null
                        || ifRange.equals(tag)
                        || ifRange.equals(thing.headers().get("Last-Modified")));
        var ranges = heeds ? range.map(ByteRange::parse).orElse(List.of()) : List.<ByteRange>of();
        var portion = ranges.size() == 1 ? ranges.getFirst().of(thing.length()) : new Portion.Whole();
        switch (portion) {
            case Portion.Whole() -> send(request, response, thing, 0, thing.length() - 1);
            case Portion.Slice slice -> {
                response.setStatusCode(206)
                        .putHeader(
                                "Content-Range",
                                ContentRange.of(slice.first(), slice.last(), slice.total())
                                        .toString());
                send(request, response, thing, slice.first(), slice.last());
            }
            case Portion.Several _ -> throw new IllegalStateException("one range makes one slice");
            case Portion.Unsatisfiable(var total) ->
                response.setStatusCode(416)
                        .putHeader("Content-Range", "bytes */" + total)
                        .end();
        }
    }

    private void send(HttpServerRequest request, HttpServerResponse response, Thing thing, long first, long last) {
        response.putHeader("Content-Length", Long.toString(last - first + 1));
        if (request.method().name().equals("HEAD")) response.end();
        else new Sending(response, thing, first, last).go();
    }

    private final class Sending {
        private final HttpServerResponse response;
        private final Thing thing;
        private long at;
        private final long last;

        Sending(HttpServerResponse response, Thing thing, long first, long last) {
            this.response = response;
            this.thing = thing;
            this.at = first;
            this.last = last;
            response.exceptionHandler(_ -> {});
            response.drainHandler(_ -> go());
        }

        void go() {
            // One piece at a time, so that the end of the connection is noticed in between.
            if (at <= last && !response.closed() && !response.writeQueueFull()) {
                long end = Math.min(last, at + PIECE - 1);
                var bytes = Buffer.buffer(thing.bytes(at, end));
                at = end + 1;
                sent.addAndGet(bytes.length());
                response.write(bytes);
                vertx.runOnContext(_ -> go());
            }
            if (at > last && !response.ended() && !response.closed()) response.end();
        }
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
