package dev.nearside.edge;

import dev.nearside.edge.accept.Arrival;
import dev.nearside.edge.accept.Door;
import dev.nearside.edge.accept.KnownHeads;
import dev.nearside.edge.accept.StreamShortcut;
import dev.nearside.edge.accept.ViewerTls;
import dev.nearside.edge.log.Exchange;
import dev.nearside.edge.respond.PreparedFields;
import dev.nearside.edge.respond.Reply;
import dev.nearside.edge.respond.Responder.Sent;
import dev.nearside.edge.respond.ViewerHead.Part;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.route.RoutingTable;
import dev.nearside.edge.sync.CurrentSnapshot;
import dev.nearside.edge.viewer.Viewer;
import dev.nearside.model.distribution.GeoRestriction;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Answers again, from memory, requests over HTTP/2 whose fields have all come before: what {@link WarmHits} is for
/// HTTP/1.1. One for each event loop that viewers are answered on.
///
/// {@link RequestPath} decides what the first of them gets, and how. Of that is remembered what follows from the
/// fields, the snapshot and the stored head alone; the rest is asked each time, of those who always decide it.
final class WarmStreams {

    /// Requests that one event loop remembers.
    private static final int REMEMBERED = 1_024;

    private final KnownHeads<KnownHit<PreparedFields>> requests;
    private final Door door;
    private final CurrentSnapshot snapshots;
    private final Lookup lookup;
    private final Telling telling;
    private final InstantSource clock;
    private @Nullable RoutingTable learnedBy;

    /// @param seed that no viewer knows
    WarmStreams(RequestPath path, long seed) {
        this.requests = new KnownHeads<>(REMEMBERED, seed);
        this.door = path.door();
        this.snapshots = path.snapshots();
        this.lookup = path.lookup();
        this.telling = path.telling();
        this.clock = path.lookup().clock();
    }

    /// The mark of a request whose fields have come before.
    private static final class Familiar extends DecoderResult {
        private final WarmStreams streams;
        private final byte[] fields;

        Familiar(WarmStreams streams, byte[] fields) {
            super(SIGNAL_SUCCESS);
            this.streams = streams;
            this.fields = fields;
        }
    }

    /// Remembers how a request is answered, if it came marked and an equal one may get the same.
    ///
    /// @param routes that it was routed by
    static void learn(Arrival arrival, RoutingTable routes, Optional<Route> route, Reply reply) {
        if (!(arrival.mark() instanceof Familiar familiar)) return;
        if (route.isEmpty() || reply.kept().isEmpty() || reply.status() >= 400) return;
        boolean followsFromItsFields = arrival.transport().version() == HttpVersion.HTTP_2
                && arrival.request().isGetOrHead()
                && !arrival.request().hasBody()
                && familiar.streams.door.readsOnlyHeads()
                && route.get().distribution().geoRestriction() instanceof GeoRestriction.None
                && route.get().selectors().keyedFacts().isEmpty();
        if (followsFromItsFields) familiar.streams.learn(familiar.fields, arrival, routes, route.get(), reply);
    }

    private void learn(byte[] fields, Arrival arrival, RoutingTable routes, Route route, Reply reply) {
        var kept = reply.kept().orElseThrow();
        var inquiry = Inquiry.of(new Viewer(arrival.request(), Optional::empty), route);
        var head = PreparedFields.of(reply.status(), reply.headers());
        var entry = lookup.inMemory(inquiry.key(), kept.stored());
        if (entry == null) return;
        long offset = kept.part() instanceof Part.Slice(var first, var _) ? first : 0;
        long length = switch (kept.part()) {
            case Part.None() -> 0;
            case Part.Whole() -> entry.body().length().orElseThrow();
            case Part.Slice slice -> slice.length();
            case Part.Several _ -> -1;
        };
        entry.close();
        if (head.isEmpty() || length < 0 || !snapshots.runs(routes)) return;
        forgetUnlessBy(routes);
        var came = new Telling.Came(
                arrival.request(), arrival.authority(), arrival.encryption(), arrival.at(), arrival.nanoTime());
        requests.learn(
                fields,
                new KnownHit<>(
                        routes,
                        inquiry.asked(),
                        inquiry.ttl(),
                        inquiry.key(),
                        kept.stored(),
                        head.get(),
                        (int) offset,
                        (int) length,
                        route.distribution().id().value(),
                        reply.result(),
                        telling.exchange(came, Optional.of(route), reply, new Sent(length, true, arrival.nanoTime()))));
    }

    /// Of another snapshot nothing is of use any more, and what is known would keep each of them in memory.
    private void forgetUnlessBy(RoutingTable routes) {
        if (routes == learnedBy) return;
        requests.forget();
        learnedBy = routes;
    }

    /// For the requests of one connection.
    StreamShortcut on(HttpConnection connection) {
        return new OnConnection(connection);
    }

    private final class OnConnection implements StreamShortcut {

        private final HttpConnection connection;

        OnConnection(HttpConnection connection) {
            this.connection = connection;
        }

        @Override
        public @Nullable DecoderResult mark(ByteBuf fields) {
            var bytes = requests.familiar(fields, fields.readerIndex(), fields.readableBytes());
            return bytes == null ? null : new Familiar(WarmStreams.this, bytes);
        }

        @Override
        public boolean answer(
                ByteBuf fields, ChannelHandlerContext context, Http2ConnectionEncoder encoder, int stream) {
            var known = requests.find(fields, fields.readerIndex(), fields.readableBytes());
            if (known == null || !snapshots.runs(known.routes())) return false;
            if (!Door.mayAskFor(known.told().request().host(), connection)) return false;
            long arrived = telling.moment();
            var now = clock.instant();
            var freshness = lookup.freshness(known.asked(), known.ttl(), known.stored(), now);
            if (freshness == null) return false;
            var entry = lookup.inMemory(known.key(), known.stored());
            if (entry == null) return false;

            var id = door.nextId();
            var head = known.head().filled(freshness, now, id);
            var body = known.length() == 0 ? null : known.part(entry);
            entry.close();
            long firstByte = telling.moment();
            var written = encoder.writeHeaders(context, stream, head, 0, body == null, context.newPromise());
            if (body != null) written = encoder.writeData(context, stream, body, 0, true, context.newPromise());
            if (written.isDone()) {
                tell(known, id, now, arrived, firstByte, written.isSuccess());
            } else {
                var _ = written.addListener(done -> tell(known, id, now, arrived, firstByte, done.isSuccess()));
            }
            return true;
        }

        private void tell(
                KnownHit<PreparedFields> known, String id, Instant at, long arrived, long firstByte, boolean whole) {
            var sent = new Sent(whole ? known.length() : 0, whole, firstByte);
            telling.tell(known.distribution(), known.result(), sent, () -> exchange(known, id, at, arrived, sent));
        }

        private Exchange exchange(KnownHit<PreparedFields> known, String id, Instant at, long arrived, Sent sent) {
            var peer = connection.remoteAddress();
            var request = known.told()
                    .request()
                    .from(
                            peer == null || peer.hostAddress() == null ? "" : peer.hostAddress(),
                            peer == null ? 0 : peer.port(),
                            id);
            var came = new Telling.Came(request, known.told().host(), ViewerTls.of(connection), at, arrived);
            return telling.again(known.told(), came, sent);
        }
    }
}
