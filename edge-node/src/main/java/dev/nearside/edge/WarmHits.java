package dev.nearside.edge;

import dev.nearside.edge.accept.Arrival;
import dev.nearside.edge.accept.Door;
import dev.nearside.edge.accept.KnownHeads;
import dev.nearside.edge.accept.Shortcut;
import dev.nearside.edge.accept.ViewerTls;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.key.CacheKeys;
import dev.nearside.edge.log.Exchange;
import dev.nearside.edge.origin.CdnLoop;
import dev.nearside.edge.origin.WebSocketRequest;
import dev.nearside.edge.respond.PreparedHead;
import dev.nearside.edge.respond.Replies;
import dev.nearside.edge.respond.Reply;
import dev.nearside.edge.respond.Reply.Content;
import dev.nearside.edge.respond.Responder.Sent;
import dev.nearside.edge.respond.ResultClass;
import dev.nearside.edge.respond.ViewerHead.Part;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.route.RoutingTable;
import dev.nearside.edge.sync.CurrentSnapshot;
import dev.nearside.edge.viewer.Viewer;
import dev.nearside.model.distribution.GeoRestriction;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Answers GETs from memory without what {@link RequestPath} needs for all other requests: where the field lines have
/// come before, byte for byte, without decoding them again; where the request line has, too, without routing, keying
/// and encoding anew. One for each event loop that viewers are answered on.
///
/// Nothing is decided here that is not decided there, and by the same means. Of a request is remembered what follows
/// from its bytes, from the snapshot and from the stored head; asked each time is whether the snapshot is still the
/// one, whether the store has that very head and no invalidation has reached it, whether it may be served on our own
/// knowledge of invalidations, and whether it is fresh now. Whatever is not a plain fresh hit takes the long way.
final class WarmHits {

    /// How many heads, and how many blocks of field lines, one event loop remembers.
    private static final int REMEMBERED = 1_024;

    /// In bytes: a body up to this size is copied behind its head, which costs less than to send two buffers.
    private static final int MOST_COPIED = 4_096;

    /// What most heads fit in.
    private static final int FIRST_ROOM = 1_024;

    private static final byte[] METHOD = "GET /".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);

    private final KnownHeads<FieldLines> fieldLines;
    private final KnownHeads<KnownHit<PreparedHead>> heads;
    private final Door door;
    private final CurrentSnapshot snapshots;
    private final Lookup lookup;
    private final Replies replies;
    private final Telling telling;
    private final InstantSource clock;
    private final PreparedHead.Today today = new PreparedHead.Today();
    private @Nullable RoutingTable learnedBy;

    /// @param seed that no viewer knows
    WarmHits(RequestPath path, long seed) {
        this.fieldLines = new KnownHeads<>(REMEMBERED, seed);
        this.heads = new KnownHeads<>(REMEMBERED, seed);
        this.door = path.door();
        this.snapshots = path.snapshots();
        this.lookup = path.lookup();
        this.replies = path.replies();
        this.telling = path.telling();
        this.clock = path.lookup().clock();
    }

    /// What the door made of some field lines, behind the line of a GET.
    ///
    /// @param request that had them
    private record FieldLines(ViewerRequest request, String authority) {}

    /// For the requests of one connection.
    Shortcut on(HttpConnection connection) {
        return new OnConnection(connection);
    }

    /// The mark of a request whose field lines have come before.
    private static final class Familiar extends DecoderResult {
        private final WarmHits hits;
        private final byte[] lines;

        Familiar(WarmHits hits, byte[] lines) {
            super(SIGNAL_SUCCESS);
            this.hits = hits;
            this.lines = lines;
        }
    }

    /// Remembers what the door made of a request's field lines, if it let it in and they have come before.
    static void learn(Arrival arrival) {
        if (!(arrival.transport().decoderResult() instanceof Familiar familiar)) return;
        var request = arrival.request();
        boolean followsFromItsBytes = arrival.transport().version() == HttpVersion.HTTP_1_1
                && request.is("GET")
                && !request.hasBody()
                && !arrival.isLast()
                && familiar.hits.door.readsOnlyHeads();
        if (followsFromItsBytes) {
            familiar.hits.fieldLines.learn(familiar.lines, new FieldLines(request, arrival.authority()));
        }
    }

    /// The length of a request line that is answered here: of a GET for a path in plain characters. Zero of any other.
    static int requestLine(ByteBuf head) {
        int from = head.readerIndex();
        int end = head.writerIndex() - VERSION.length;
        if (!begins(head, from, end, METHOD)) return 0;
        int at = from + METHOD.length;
        while (at < end && isPlain(head.getByte(at))) at++;
        return begins(head, at, head.writerIndex(), VERSION) ? at + VERSION.length - from : 0;
    }

    private static boolean begins(ByteBuf bytes, int at, int end, byte[] with) {
        if (end - at < with.length) return false;
        for (int i = 0; i < with.length; i++) if (bytes.getByte(at + i) != with[i]) return false;
        return true;
    }

    /// Of a target in origin form (RFC 9112, section 3.2.1); a fragment is none of it.
    private static boolean isPlain(byte b) {
        return b > ' ' && b < 127 && b != '#';
    }

    private final class OnConnection implements Shortcut {

        private final HttpConnection connection;
        private final boolean isSecure;
        private @Nullable String address;
        private int port;

        OnConnection(HttpConnection connection) {
            this.connection = connection;
            this.isSecure = connection.isSsl();
        }

        @Override
        public @Nullable DecoderResult mark(ByteBuf head) {
            int line = requestLine(head);
            if (line == 0) return null;
            var lines = fieldLines.familiar(head, head.readerIndex() + line, head.readableBytes() - line);
            return lines == null ? null : new Familiar(WarmHits.this, lines);
        }

        @Override
        public boolean answer(ByteBuf head, ChannelHandlerContext context) {
            if (!context.channel().isWritable()) return false;
            var known = heads.find(head, head.readerIndex(), head.readableBytes());
            return known == null ? answerAnew(head, context) : answerAgain(known, context) || answerAnew(head, context);
        }

        private boolean answerAgain(KnownHit<PreparedHead> known, ChannelHandlerContext context) {
            if (!snapshots.runs(known.routes()) || !mayAskFor(known.told().request())) return false;
            long arrived = telling.moment();
            var now = clock.instant();
            var freshness = lookup.freshness(known.asked(), known.ttl(), known.stored(), now);
            if (freshness == null) return false;
            var entry = lookup.inMemory(known.key(), known.stored());
            if (entry == null) return false;

            var id = door.nextId();
            var out = context.alloc().directBuffer(known.head().size() + copied(known.length()));
            known.head().write(out, freshness, now, today, id);
            var body = known.length() == 0 ? null : known.part(entry);
            entry.close();
            Function<Sent, Exchange> exchange = sent -> telling.again(
                    known.told(), came(known.told().request(), id, known.told().host(), now, arrived), sent);
            send(context, out, body, known.distribution(), known.result(), exchange);
            return true;
        }

        /// By the field lines that are known, and a request line that need not be.
        private boolean answerAnew(ByteBuf head, ChannelHandlerContext context) {
            int line = requestLine(head);
            if (line == 0) return false;
            var lines = fieldLines.find(head, head.readerIndex() + line, head.readableBytes() - line);
            var snapshot = snapshots.get();
            if (lines == null || snapshot.isEmpty() || !mayAskFor(lines.request)) return false;
            long arrived = telling.moment();
            var now = clock.instant();
            var routes = snapshot.get().routes();
            var asked = asked(lines, head, line);
            if (!(routes.route(asked, () -> lookup.facts().country(address())) instanceof Route route)) {
                return false;
            }
            boolean mayBeAHit = route.cachesMethod()
                    && !route.cachePolicy().ttl().disableCaching()
                    && route.selectors().keyedFacts().isEmpty()
                    && !WebSocketRequest.is(route)
                    && !CdnLoop.isLoop(route.request(), route.distribution().id());
            if (!mayBeAHit) return false;
            var inquiry = Inquiry.of(new Viewer(route.request(), Optional::empty), route);
            var found = lookup.store().findInMemory(inquiry.key());
            if (found.isEmpty()) return false;
            var entry = found.get();
            if (!(entry.head() instanceof StoredResponse stored)
                    || !CacheKeys.covers(stored, List.of(), route.selectors())) {
                entry.close();
                return false;
            }
            var freshness = lookup.freshness(inquiry.asked(), inquiry.ttl(), stored, now);
            if (freshness == null) {
                entry.close();
                return false;
            }
            var id = door.nextId();
            var mine = route.withRequest(route.request().from(address(), port, id));
            var reply = replies.hit(mine, stored, freshness, entry, false);
            if (reply.kept().isEmpty() || reply.status() >= 400) {
                reply.forgo();
                return false;
            }
            var body = reply.content() instanceof Content.Whole(var bytes) ? bytes : null;
            reply.done().run();
            int length = body == null ? 0 : body.readableBytes();
            var out = context.alloc().directBuffer(FIRST_ROOM + copied(length));
            PreparedHead.write(out, reply.status(), reply.headers());
            Function<Sent, Exchange> exchange = sent ->
                    telling.exchange(came(asked, id, lines.authority, now, arrived), Optional.of(mine), reply, sent);
            send(context, out, body, route.distribution().id().value(), reply.result(), exchange);
            if (route.distribution().geoRestriction() instanceof GeoRestriction.None) {
                var bytes = heads.familiar(head, head.readerIndex(), head.readableBytes());
                if (bytes != null)
                    remember(bytes, routes, inquiry, reply, length, exchange.apply(new Sent(length, true, arrived)));
            }
            return true;
        }

        private void remember(
                byte[] head, RoutingTable routes, Inquiry inquiry, Reply reply, int length, Exchange told) {
            forgetUnlessBy(routes);
            var kept = reply.kept().orElseThrow();
            long offset = kept.part() instanceof Part.Slice(var first, var _) ? first : 0;
            PreparedHead.of(reply.status(), reply.headers())
                    .ifPresent(prepared -> heads.learn(
                            head,
                            new KnownHit<>(
                                    routes,
                                    inquiry.asked(),
                                    inquiry.ttl(),
                                    inquiry.key(),
                                    kept.stored(),
                                    prepared,
                                    (int) offset,
                                    length,
                                    inquiry.route().distribution().id().value(),
                                    reply.result(),
                                    told)));
        }

        /// The request that it will be, but for its id.
        private ViewerRequest asked(FieldLines lines, ByteBuf head, int line) {
            int from = head.readerIndex() + METHOD.length - 1;
            int length = line - METHOD.length + 1 - VERSION.length;
            var target = head.toString(from, length, StandardCharsets.US_ASCII);
            int question = target.indexOf('?');
            return lines.request.asking(
                    question < 0 ? target : target.substring(0, question),
                    question < 0 ? Optional.empty() : Optional.of(target.substring(question + 1)),
                    address(),
                    port);
        }

        private boolean mayAskFor(ViewerRequest request) {
            return !isSecure || Door.mayAskFor(request.host(), connection);
        }

        private String address() {
            var known = address;
            if (known == null) {
                var peer = connection.remoteAddress();
                known = peer == null || peer.hostAddress() == null ? "" : peer.hostAddress();
                port = peer == null ? 0 : peer.port();
                address = known;
            }
            return known;
        }

        private Telling.Came came(ViewerRequest request, String id, String authority, Instant at, long arrived) {
            return new Telling.Came(
                    request.from(address(), port, id), authority, ViewerTls.of(connection), at, arrived);
        }

        /// Sends a head and what follows it, at once; and tells of it when it has gone.
        private void send(
                ChannelHandlerContext context,
                ByteBuf head,
                @Nullable ByteBuf body,
                String distribution,
                ResultClass result,
                Function<Sent, Exchange> exchange) {
            int length = body == null ? 0 : body.readableBytes();
            boolean inTwo = copied(length) < length;
            if (inTwo) {
                var _ = context.write(head, context.voidPromise());
            } else if (body != null) {
                head.writeBytes(body);
                body.release();
            }
            long firstByte = telling.moment();
            var written = context.writeAndFlush(inTwo ? body : head);
            if (written.isDone()) tell(distribution, result, exchange, length, written.isSuccess(), firstByte);
            else {
                var _ = written.addListener(
                        done -> tell(distribution, result, exchange, length, done.isSuccess(), firstByte));
            }
        }

        private void tell(
                String distribution,
                ResultClass result,
                Function<Sent, Exchange> exchange,
                int length,
                boolean whole,
                long firstByte) {
            var sent = new Sent(whole ? length : 0, whole, firstByte);
            telling.tell(distribution, result, sent, () -> exchange.apply(sent));
        }
    }

    /// Of another snapshot nothing is of use any more, and what is known would keep each of them in memory.
    private void forgetUnlessBy(RoutingTable routes) {
        if (routes == learnedBy) return;
        heads.forget();
        learnedBy = routes;
    }

    /// How much of a body is copied behind its head.
    private static int copied(int length) {
        return length <= MOST_COPIED ? length : 0;
    }
}
