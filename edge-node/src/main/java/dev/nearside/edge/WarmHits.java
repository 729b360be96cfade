package dev.nearside.edge;

import dev.nearside.edge.accept.Arrival;
import dev.nearside.edge.accept.Door;
import dev.nearside.edge.accept.KnownHeads;
import dev.nearside.edge.accept.Shortcut;
import dev.nearside.edge.accept.StreamShortcut;
import dev.nearside.edge.accept.ViewerTls;
import dev.nearside.edge.decide.Asked;
import dev.nearside.edge.decide.CacheDecision;
import dev.nearside.edge.decide.Freshness;
import dev.nearside.edge.decide.TtlRules;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.log.Exchange;
import dev.nearside.edge.respond.PreparedFields;
import dev.nearside.edge.respond.PreparedHead;
import dev.nearside.edge.respond.Reply;
import dev.nearside.edge.respond.Responder.Sent;
import dev.nearside.edge.respond.ResultClass;
import dev.nearside.edge.respond.ViewerHead.Part;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.route.RoutingTable;
import dev.nearside.edge.store.Entry;
import dev.nearside.edge.sync.CurrentSnapshot;
import dev.nearside.edge.viewer.Viewer;
import dev.nearside.model.distribution.GeoRestriction;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Answers again, from memory, requests that come byte for byte as they came before, without decoding and routing them
/// anew. One for each event loop that viewers are answered on.
///
/// {@link RequestPath} decides what the first of them gets, and how. Of that is remembered what follows from the bytes
/// of the request, the snapshot and the stored head alone. The rest is asked each time, of those who always decide it:
/// whether the snapshot is still the one, whether the store still has that very head and no invalidation has reached
/// it, whether it may be served on our own knowledge of invalidations, and whether it is fresh now. Where anything is
/// otherwise, the request takes the long way.
final class WarmHits {

    /// Heads that one event loop remembers.
    private static final int HEADS = 1_024;

    /// In bytes: a body up to this size is copied behind its head, which costs less than to send two buffers.
    private static final int MOST_COPIED = 4_096;

    private final KnownHeads<Known<PreparedHead>> heads;
    private final KnownHeads<Known<PreparedFields>> fields;
    private final Door door;
    private final CurrentSnapshot snapshots;
    private final Lookup lookup;
    private final Telling telling;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final PreparedHead.Today today = new PreparedHead.Today();

    /// @param seed that no viewer knows
    WarmHits(RequestPath path, long seed) {
        this.heads = new KnownHeads<>(HEADS, seed);
        this.fields = new KnownHeads<>(HEADS, seed);
        this.door = path.door();
        this.snapshots = path.snapshots();
        this.lookup = path.lookup();
        this.telling = path.telling();
        this.clock = path.lookup().clock();
        this.nanoTime = path.telling().nanoTime();
    }

    /// What follows from the bytes of a request, from a snapshot and from a stored head.
    ///
    /// @param <H> the head of the answer
    /// @param offset where in the body the bytes begin that are sent
    /// @param length how many they are
    /// @param told of the answer that this was learned from
    private record Known<H>(
            RoutingTable routes,
            Asked asked,
            TtlRules ttl,
            CacheKey key,
            Optional<StoredResponse> stored,
            H head,
            int offset,
            int length,
            String distribution,
            ResultClass result,
            Exchange told) {}

    /// For the requests of one HTTP/1.1 connection.
    Shortcut on(HttpConnection connection) {
        return new OnConnection(connection);
    }

    /// For the requests of one HTTP/2 connection.
    StreamShortcut onStreams(HttpConnection connection) {
        return new OnStreams(connection);
    }

    /// The mark of a request whose bytes have come before.
    private static final class Familiar extends DecoderResult {
        private final WarmHits hits;
        private final byte[] head;
        private final HttpVersion version;

        Familiar(WarmHits hits, byte[] head, HttpVersion version) {
            super(SIGNAL_SUCCESS);
            this.hits = hits;
            this.head = head;
            this.version = version;
        }
    }

    /// Remembers how a request was answered, if it came marked and an equal one may get the same.
    ///
    /// @param routes that it was routed by
    static void learn(Arrival arrival, RoutingTable routes, Optional<Route> route, Reply reply, Sent sent) {
        if (route.isEmpty() || reply.kept().isEmpty() || reply.status() >= 400) return;
        if (!(arrival.mark() instanceof Familiar familiar)) return;
        boolean followsFromItsBytes = arrival.transport().version() == familiar.version
                && arrival.request().isGetOrHead()
                && !arrival.request().hasBody()
                && !arrival.isLast()
                && familiar.hits.door.readsOnlyHeads()
                && route.get().distribution().geoRestriction() instanceof GeoRestriction.None
                && route.get().selectors().keyedFacts().isEmpty();
        if (followsFromItsBytes) familiar.hits.learn(familiar, arrival, routes, route.get(), reply, sent);
    }

    private void learn(Familiar familiar, Arrival arrival, RoutingTable routes, Route route, Reply reply, Sent sent) {
        if (familiar.version == HttpVersion.HTTP_2) {
            PreparedFields.of(reply.status(), reply.headers())
                    .flatMap(head -> known(head, arrival, routes, route, reply, sent))
                    .ifPresent(known -> fields.learn(familiar.head, known));
        } else {
            PreparedHead.of(reply.status(), reply.headers())
                    .flatMap(head -> known(head, arrival, routes, route, reply, sent))
                    .ifPresent(known -> heads.learn(familiar.head, known));
        }
    }

    private <H> Optional<Known<H>> known(
            H head, Arrival arrival, RoutingTable routes, Route route, Reply reply, Sent sent) {
        var kept = reply.kept().orElseThrow();
        var inquiry = Inquiry.of(new Viewer(arrival.request(), Optional::empty), route);
        var entry = found(inquiry.key(), kept.stored());
        if (entry == null) return Optional.empty();
        long offset = kept.part() instanceof Part.Slice(var first, var _) ? first : 0;
        long length = switch (kept.part()) {
            case Part.None() -> 0;
            case Part.Whole() -> entry.body().length().orElseThrow();
            case Part.Slice slice -> slice.length();
            case Part.Several _ -> -1;
        };
        entry.close();
        if (length < 0) return Optional.empty();
        return Optional.of(new Known<>(
                routes,
                inquiry.asked(),
                inquiry.ttl(),
                inquiry.key(),
                Optional.of(kept.stored()),
                head,
                (int) offset,
                (int) length,
                route.distribution().id().value(),
                reply.result(),
                Telling.exchange(arrival, Optional.of(route), reply, sent, sent.firstByteNanos())));
    }

    /// What lies in memory under a key, if it has this very head, not just an equal one: an equal one may have come
    /// with
    /// another body. The caller closes it.
    @SuppressWarnings("ReferenceEquality")
    private @Nullable Entry found(CacheKey key, StoredResponse stored) {
        var found = lookup.store().findInMemory(key);
        if (found.isEmpty()) return null;
        if (found.get().head() == stored) return found.get();
        found.get().close();
        return null;
    }

    /// What is to be sent, found to be right now.
    ///
    /// @param entry that the body is taken from, and closed
    private record Fresh(Freshness freshness, Instant at, Entry entry) {}

    private @Nullable Fresh fresh(@Nullable Known<?> known, ChannelHandlerContext context, HttpConnection connection) {
        if (known == null || !snapshots.runs(known.routes) || !context.channel().isWritable()) return null;
        if (connection.isSsl() && !Door.mayAskFor(known.told.request().host(), connection)) return null;
        var now = clock.instant();
        var stored = known.stored.orElseThrow();
        boolean proven = lookup.proven().test(stored);
        var decision = CacheDecision.decide(known.asked, Optional.empty(), known.stored, known.ttl, proven, now);
        if (!(decision instanceof CacheDecision.Hit(var _, var freshness))) return null;
        var entry = found(known.key, stored);
        return entry == null ? null : new Fresh(freshness, now, entry);
    }

    /// Takes the body out of an entry and closes it; null if none is sent.
    private static @Nullable ByteBuf body(Known<?> known, Entry entry) {
        ByteBuf body = null;
        if (known.length > 0) {
            body = entry.body().inMemory().orElseThrow();
            int from = body.readerIndex() + known.offset;
            body.setIndex(from, from + known.length);
        }
        entry.close();
        return body;
    }

    /// Zero if nobody wants to know.
    private long nanos() {
        return telling.log().isEmpty() ? 0 : nanoTime.getAsLong();
    }

    /// One answer, to be told of when it has been written.
    private record Answer(
            HttpConnection connection, Known<?> known, String id, Instant at, long arrived, long firstByte) {}

    private void tellOf(Answer answer, ChannelFuture written) {
        if (written.isDone()) tell(answer, written.isSuccess());
        else written.addListener(done -> tell(answer, done.isSuccess()));
    }

    private void tell(Answer answer, boolean whole) {
        var known = answer.known;
        var sent = new Sent(whole ? known.length : 0, whole, answer.firstByte);
        telling.tellAgain(known.distribution, known.result, sent, () -> exchange(answer, sent));
    }

    private Exchange exchange(Answer answer, Sent sent) {
        var peer = answer.connection.remoteAddress();
        var request = answer.known
                .told
                .request()
                .from(
                        peer == null || peer.hostAddress() == null ? "" : peer.hostAddress(),
                        peer == null ? 0 : peer.port(),
                        answer.id);
        var tls = ViewerTls.of(answer.connection);
        return answer.known.told.again(
                request,
                answer.at,
                tls.map(ViewerTls::protocol).orElse("-"),
                tls.map(ViewerTls::cipher).orElse("-"),
                sent.bodyBytes(),
                sent.whole(),
                Duration.ofNanos(sent.firstByteNanos() - answer.arrived),
                Duration.ofNanos(nanoTime.getAsLong() - answer.arrived));
    }

    private final class OnConnection implements Shortcut {

        private final HttpConnection connection;

        OnConnection(HttpConnection connection) {
            this.connection = connection;
        }

        @Override
        public @Nullable DecoderResult mark(ByteBuf head) {
            var bytes = heads.familiar(head);
            return bytes == null ? null : new Familiar(WarmHits.this, bytes, HttpVersion.HTTP_1_1);
        }

        @Override
        public boolean answer(ByteBuf head, ChannelHandlerContext context) {
            long arrived = nanos();
            var known = heads.find(head);
            var fresh = fresh(known, context, connection);
            if (known == null || fresh == null) return false;
            var id = door.nextId();
            boolean copies = known.length <= MOST_COPIED;
            var out = context.alloc().directBuffer(known.head.size() + (copies ? known.length : 0));
            known.head.write(out, fresh.freshness, fresh.at, today, id);
            var body = body(known, fresh.entry);
            if (body != null && copies) {
                out.writeBytes(body);
                body.release();
            }
            long firstByte = nanos();
            boolean inTwo = body != null && !copies;
            if (inTwo) {
                var _ = context.write(out, context.voidPromise());
            }
            var written = context.writeAndFlush(inTwo ? body : out);
            tellOf(new Answer(connection, known, id, fresh.at, arrived, firstByte), written);
            return true;
        }
    }

    private final class OnStreams implements StreamShortcut {

        private final HttpConnection connection;

        OnStreams(HttpConnection connection) {
            this.connection = connection;
        }

        @Override
        public @Nullable DecoderResult mark(ByteBuf head) {
            var bytes = fields.familiar(head);
            return bytes == null ? null : new Familiar(WarmHits.this, bytes, HttpVersion.HTTP_2);
        }

        @Override
        public boolean answer(ByteBuf head, ChannelHandlerContext context, Http2ConnectionEncoder encoder, int stream) {
            long arrived = nanos();
            var known = fields.find(head);
            var fresh = fresh(known, context, connection);
            if (known == null || fresh == null) return false;
            var id = door.nextId();
            var filled = known.head.filled(fresh.freshness, fresh.at, id);
            var body = body(known, fresh.entry);
            long firstByte = nanos();
            var written = encoder.writeHeaders(context, stream, filled, 0, body == null, context.newPromise());
            if (body != null) written = encoder.writeData(context, stream, body, 0, true, context.newPromise());
            tellOf(new Answer(connection, known, id, fresh.at, arrived, firstByte), written);
            return true;
        }
    }
}
