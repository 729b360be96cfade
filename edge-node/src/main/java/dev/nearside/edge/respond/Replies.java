package dev.nearside.edge.respond;

import dev.nearside.edge.decide.CacheDecision;
import dev.nearside.edge.decide.Freshness;
import dev.nearside.edge.decide.TtlRules;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.origin.Fetched;
import dev.nearside.edge.origin.OriginClient;
import dev.nearside.edge.origin.OriginOutcome;
import dev.nearside.edge.origin.SlicedEntry;
import dev.nearside.edge.respond.CacheStatus.Forwarded;
import dev.nearside.edge.respond.Reply.Content;
import dev.nearside.edge.respond.ViewerHead.Part;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.store.Body;
import dev.nearside.edge.store.Entry;
import dev.nearside.edge.store.Skipping;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/// Describes what each viewer gets: the head, and the bytes behind it where they are to be had.
///
/// @param pseudonym what this node is called in `Via`
/// @param timing tells of the way that an answer took
/// @param boundaries texts that nobody can guess before, each for one answer of several parts
public record Replies(String pseudonym, InstantSource clock, ServerTiming timing, Supplier<String> boundaries) {

    /// Fresh from the cache.
    ///
    /// @param afterWaiting whether another viewer's trip had brought it up to date meanwhile
    public Reply hit(Route route, StoredResponse stored, Freshness freshness, Entry entry, boolean afterWaiting) {
        var way = afterWaiting ? ResultClass.COLLAPSED : ResultClass.HIT;
        return fromEntry(route, stored, freshness, entry, way, CacheStatus.hit(freshness), way.name());
    }

    /// Stale from the cache, while it is being refreshed.
    public Reply staleWhileRefreshing(Route route, StoredResponse stored, Freshness freshness, Entry entry) {
        return stale(route, stored, freshness, entry, "STALE_WHILE_REVALIDATE");
    }

    /// Stale from the cache, in place of an origin that failed.
    public Reply standingIn(Route route, StoredResponse stored, TtlRules ttl, Entry entry) {
        var freshness = Freshness.evaluate(stored, ttl, clock.instant());
        return stale(route, stored, freshness, entry, "STALE_IF_ERROR");
    }

    private Reply stale(Route route, StoredResponse stored, Freshness freshness, Entry entry, String why) {
        var status = CacheStatus.hit(freshness).because(why);
        return fromEntry(route, stored, freshness, entry, ResultClass.STALE, status, why);
    }

    /// From the cache, after the origin confirmed it.
    ///
    /// @param head brought up to date
    public Reply confirmed(Route route, StoredResponse head, TtlRules ttl, Entry entry, CacheDecision.Why why) {
        var freshness = Freshness.evaluate(head, ttl, clock.instant());
        var status = told(CacheStatus.forwarded(Forwarded.of(why), OptionalInt.of(304), true), why)
                .living(freshness);
        return fromEntry(route, head, freshness, entry, ResultClass.REFRESH_HIT, status, why.name());
    }

    /// That time has ended a life goes without saying.
    private static CacheStatus told(CacheStatus status, CacheDecision.Why why) {
        boolean invalidated = why == CacheDecision.Why.SOFTLY_INVALIDATED
                || why == CacheDecision.Why.SOFTLY_INVALIDATED_WITHOUT_VALIDATOR;
        return invalidated ? status.because(why.name()) : status;
    }

    /// From the cache, but for slices of it that are missing.
    ///
    /// @param first where the slice comes from that the answer begins in
    /// @param allAtHand whether no other one is missing
    public Reply partly(
            Route route,
            StoredResponse stored,
            Freshness freshness,
            Entry entry,
            SlicedEntry.Way first,
            boolean allAtHand) {
        boolean brought = first == SlicedEntry.Way.BROUGHT;
        boolean collapsed = first == SlicedEntry.Way.JOINED && allAtHand;
        var way = collapsed ? ResultClass.COLLAPSED : ResultClass.MISS;
        var status = collapsed
                ? CacheStatus.collapsed(Forwarded.PARTIAL)
                // What the origin will say of slices further on nobody knows yet.
                : CacheStatus.forwarded(
                        Forwarded.PARTIAL, brought ? OptionalInt.of(206) : OptionalInt.empty(), brought);
        return fromEntry(
                route,
                stored,
                freshness,
                entry,
                way,
                status.living(freshness).because("SLICE_MISSING"),
                "SLICE_MISSING");
    }

    /// From the origin, being stored on the way; or from another viewer's trip.
    public Reply storing(Route route, Fetched.Storing storing, TtlRules ttl, CacheDecision.Why why) {
        var stored = storing.head();
        var body = storing.body();
        var forwarded = Forwarded.of(why);
        var freshness = Freshness.evaluate(stored, ttl, clock.instant());
        var answer = storing.collapsed()
                ? Answer.stored(
                        stored,
                        freshness.age(),
                        body.length(),
                        ResultClass.COLLAPSED,
                        told(CacheStatus.collapsed(forwarded), why).living(freshness))
                : Answer.fetched(
                        stored.status(),
                        storing.arrived(),
                        body.length(),
                        ResultClass.MISS,
                        told(CacheStatus.forwarded(forwarded, OptionalInt.of(storing.originStatus()), true), why)
                                .living(freshness));
        var asked = storing.collapsed() ? Optional.<Duration>empty() : Optional.of(asked(stored));
        var head = head(route, answer, asked);
        return reply(head, body, why.name(), storing.leave());
    }

    /// From the origin, for this viewer alone.
    ///
    /// @param unstored why it is not stored, where the cache looked and might have
    public Reply passing(Route route, OriginOutcome.Answered origin, CacheDecision.Why why, String unstored) {
        var forwarded = Forwarded.of(why);
        boolean looked = forwarded != Forwarded.METHOD && forwarded != Forwarded.BYPASS;
        var status = CacheStatus.forwarded(forwarded, OptionalInt.of(origin.status()), false);
        var answer = Answer.fetched(
                        origin.status(),
                        origin.headers(),
                        origin.length(),
                        looked ? ResultClass.MISS : ResultClass.PASS,
                        looked ? status.because(unstored) : status)
                .passingBy();
        var head = head(route, answer, Optional.of(Duration.between(origin.requestedAt(), origin.receivedAt())));
        var content = switch (head.part()) {
            case Part.Whole() -> new Content.Streamed(origin.body(), Long.MAX_VALUE);
            case Part.None() -> {
                origin.discard();
                yield new Content.None();
            }
            case Part.Slice slice -> new Content.Streamed(new Skipping(origin.body(), slice.offset()), slice.length());
            case Part.Several _ -> throw new IllegalStateException("a body that passes by once has one part");
        };
        return reply(head, content, unstored, () -> {});
    }

    /// The origin has agreed to speak WebSocket with the viewer.
    public Reply switched(Route route, OriginClient.Opening.Tunnel tunnel) {
        var head = ViewerHead.switched(route, tunnel.headers(), pseudonym, clock.instant());
        return reply(head, new Content.Tunnelled(tunnel), "WEBSOCKET", () -> {});
    }

    /// An error made here.
    ///
    /// @param why for the log
    public Reply refused(ViewerRequest request, Optional<Route> route, int status, String why) {
        var page = ErrorPage.of(status, request.id(), request.headers().first("Accept"));
        var head = ViewerHead.error(page, request, route, CacheStatus.refused(why), pseudonym, clock.instant());
        return own(timing.applied(route, Optional.empty(), Optional.empty(), head), page, why);
    }

    /// A viewer is sent elsewhere.
    public Reply redirected(ViewerRequest request, int status, String location) {
        var page = ErrorPage.moved(status);
        return own(ViewerHead.redirect(page, location, request, pseudonym, clock.instant()), page, "REDIRECTED");
    }

    /// @param asked how long the origin took to answer, if it was asked
    private ViewerHead head(Route route, Answer answer, Optional<Duration> asked) {
        var head = ViewerHead.of(route, answer, pseudonym, clock.instant());
        return timing.applied(Optional.of(route), Optional.of(answer.way()), asked, head);
    }

    private static Duration asked(StoredResponse stored) {
        return Duration.between(stored.requestedAt(), stored.receivedAt());
    }

    private Reply own(ViewerHead head, ErrorPage page, String why) {
        var content = head.part() instanceof Part.None
                ? new Content.None()
                : new Content.Whole(ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, page.body()));
        return reply(head, content, why, () -> {});
    }

    private Reply fromEntry(
            Route route,
            StoredResponse stored,
            Freshness freshness,
            Entry entry,
            ResultClass way,
            CacheStatus status,
            String why) {
        var body = entry.body();
        var answer = Answer.stored(stored, freshness.age(), body.length(), way, status);
        var asked = way == ResultClass.REFRESH_HIT ? Optional.of(asked(stored)) : Optional.<Duration>empty();
        var head = head(route, answer, asked);
        var reply = reply(head, body, why, entry::close);
        boolean same =
                way == ResultClass.HIT && !(reply.content() instanceof Content.Streamed) && !timing.concerns(route);
        return same ? reply.madeOf(stored, head.part()) : reply;
    }

    private Reply reply(ViewerHead head, Body body, String why, Runnable done) {
        return switch (head.part()) {
            case Part.None() -> reply(head, new Content.None(), why, done);
            case Part.Whole() ->
                reply(
                        head,
                        body.inMemory()
                                .<Content>map(Content.Whole::new)
                                .orElseGet(() -> new Content.Streamed(body.reader(0), Long.MAX_VALUE)),
                        why,
                        done);
            case Part.Slice(var offset, var length) ->
                reply(
                        head,
                        body.inMemory()
                                .<Content>map(bytes -> new Content.Whole(slice(bytes, offset, length)))
                                .orElseGet(() -> new Content.Streamed(body.reader(offset), length)),
                        why,
                        done);
            case Part.Several(var slices) -> {
                var parts = new Multipart(slices, head.headers().first("Content-Type"), boundaries.get());
                var headers = head.headers()
                        .with("Content-Type", parts.contentType())
                        .with("Content-Length", Long.toString(parts.length()));
                var content = new Content.Streamed(parts.reader(body), parts.length());
                yield new Reply(head.status(), headers, content, head.result(), why, done);
            }
        };
    }

    /// A body in memory has an int's worth of bytes at the most.
    private static ByteBuf slice(ByteBuf bytes, long offset, long length) {
        return bytes.slice(bytes.readerIndex() + (int) offset, (int) length);
    }

    private static Reply reply(ViewerHead head, Content content, String why, Runnable done) {
        return new Reply(head.status(), head.headers(), content, head.result(), why, done);
    }
}
