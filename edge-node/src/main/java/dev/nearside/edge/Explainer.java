package dev.nearside.edge;

import dev.nearside.edge.decide.CacheDecision;
import dev.nearside.edge.explain.AskedFor;
import dev.nearside.edge.explain.KeyWords;
import dev.nearside.edge.explain.MatchWords;
import dev.nearside.edge.explain.OriginWords;
import dev.nearside.edge.explain.Sentence;
import dev.nearside.edge.explain.StoredWords;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.origin.CdnLoop;
import dev.nearside.edge.origin.ForwardedRequest;
import dev.nearside.edge.origin.OriginOutcome;
import dev.nearside.edge.origin.SlicedEntry;
import dev.nearside.edge.origin.WebSocketRequest;
import dev.nearside.edge.respond.CacheStatus;
import dev.nearside.edge.route.Routed;
import dev.nearside.edge.sync.CurrentSnapshot;
import dev.nearside.edge.viewer.Viewer;
import dev.nearside.model.distribution.GeoRestriction;
import dev.nearside.model.wire.api.ExplainRequest;
import dev.nearside.model.wire.api.Explanation;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;

/// Runs a request down the same path as {@link RequestPath}, up to the decision, and says what happened on the way.
///
/// Nothing is served, fetched, stored or counted for it.
///
/// @param node this node's name
record Explainer(String node, CurrentSnapshot snapshots, Lookup lookup) {

    /// In place of a request's own id, which would be in a log.
    private static final String ID = "explained";

    private static final Set<String> OF_A_BODY = Set.of("content-length", "transfer-encoding");

    /// @param question complete and without a problem
    Future<Explanation> explain(ExplainRequest question) {
        var request = AskedFor.by(question, ID);
        var current = snapshots.get();
        if (current.isEmpty()) return refused(503, "NO_SNAPSHOT_YET", Sentence.noSnapshot());
        var routed = current.get().routes().route(request, () -> lookup.facts().country(request.clientAddress()));
        return switch (routed) {
            case Routed.Refused refused ->
                Future.succeededFuture(answer(
                        "refused",
                        refused.why().name(),
                        Sentence.refused(refused.why(), request.host(), request.rawPath()),
                        new Explanation.Refusal(refused.status(), null),
                        isByBehavior(refused.why()) ? behavior(current.get(), request) : Optional.empty()));
            case Routed.Redirected(var status, var location) ->
                Future.succeededFuture(answer(
                        "redirected",
                        "REDIRECTED",
                        Sentence.redirected(location),
                        new Explanation.Refusal(status, location),
                        behavior(current.get(), request)));
            case Routed.Route route -> {
                if (CdnLoop.isLoop(request, route.distribution().id())) {
                    yield refused(508, "LOOP", Sentence.loop(route));
                }
                var inquiry = lookup.inquire(new Viewer(request, Optional::empty), route);
                yield WebSocketRequest.is(route) ? inquiry.map(this::webSocket) : inquiry.compose(this::explain);
            }
        };
    }

    /// The cache has no part in it.
    private Explanation webSocket(Inquiry inquiry) {
        var route = inquiry.route();
        return new Explanation(
                node,
                lookup.clock().instant(),
                snapshots.version(),
                "pass",
                CacheStatus.token("WEBSOCKET"),
                Sentence.webSocket(),
                null,
                MatchWords.of(route),
                null,
                OriginWords.of(route, ForwardedRequest.pass(route, inquiry.selection(), lookup.hop())),
                null);
    }

    private Future<Explanation> explain(Inquiry inquiry) {
        return lookup.find(inquiry)
                .compose(looked -> lookup.told(inquiry)
                        .compose(full -> isAllStored(looked).map(all -> explain(full, looked, all)))
                        .onComplete(_ -> looked.close()));
    }

    /// Whether no slice is known to be missing of the bytes that are asked for.
    private static Future<Boolean> isAllStored(Lookup.Looked looked) {
        return looked.found().map(Lookup.Found::entry).orElse(null) instanceof SlicedEntry slices
                ? slices.openStored().map(SlicedEntry.Opening.Ready.class::isInstance)
                : Future.succeededFuture(true);
    }

    private Explanation explain(Inquiry inquiry, Lookup.Looked looked, boolean allStored) {
        var route = inquiry.route();
        var now = lookup.clock().instant();
        var decision = lookup.decide(inquiry, looked);
        var sent = lookup.errand(decision, inquiry, looked).request();
        var stored = looked.response()
                .map(response ->
                        StoredWords.of(response, inquiry.ttl(), lookup.proven().test(response), now));
        var under = looked.variants()
                .map(variants -> lookup.variantKey(inquiry, variants))
                .orElse(inquiry.key());
        var verdict = verdict(inquiry, decision, allStored);
        return new Explanation(
                node,
                now,
                snapshots.version(),
                verdict.outcome(),
                CacheStatus.token(verdict.why()),
                Sentence.of(decision, route, stored, looked.variants())
                        + verdict.more()
                        + (allStored ? "" : Sentence.sliceMissing())
                        + letIn(route),
                verdict.refusal().orElse(null),
                MatchWords.of(route),
                decision instanceof CacheDecision.Pass
                        ? null
                        : KeyWords.of(route, inquiry.selection(), under, looked.variants(), sent.headers()),
                OriginWords.of(route, sent),
                stored.map(StoredWords::object).orElse(null));
    }

    /// What a decision comes to.
    ///
    /// @param why the decision's own word
    /// @param more of a sentence
    private record Verdict(String outcome, String why, Optional<Explanation.Refusal> refusal, String more) {
        Verdict(String outcome, String why) {
            this(outcome, why, Optional.empty(), "");
        }
    }

    private Verdict verdict(Inquiry inquiry, CacheDecision decision, boolean allStored) {
        return switch (decision) {
            case CacheDecision.Hit _, CacheDecision.HitWhileRefreshing _
            when !allStored -> new Verdict("miss", "SLICE_MISSING");
            case CacheDecision.Hit _ -> new Verdict("hit", "HIT");
            case CacheDecision.HitWhileRefreshing _ -> new Verdict("stale", "STALE_WHILE_REVALIDATE");
            case CacheDecision.Revalidate(var _, var _, var why, var spare) ->
                unlessFailed(inquiry, spare, new Verdict("revalidate", why.name()));
            case CacheDecision.Miss(var why, var spare) ->
                unlessFailed(inquiry, spare, new Verdict("miss", why.name()));
            case CacheDecision.Pass(var why) -> new Verdict("pass", why.name());
        };
    }

    /// An origin that has just failed is not asked; what may stand in does.
    private Verdict unlessFailed(Inquiry inquiry, Optional<StoredResponse> spare, Verdict otherwise) {
        var failure = lookup.recentFailure(inquiry);
        if (failure.isEmpty()) return otherwise;
        if (spare.isPresent()) {
            return new Verdict("stale", "STALE_IF_ERROR", Optional.empty(), Sentence.leftAlone("the copy stands in"));
        }
        int status = OriginOutcome.statusOf(failure.get());
        return new Verdict(
                "refused",
                OriginOutcome.wordOf(failure.get()),
                Optional.of(new Explanation.Refusal(status, null)),
                Sentence.leftAlone("viewers get status " + status));
    }

    private Future<Explanation> refused(int status, String why, String sentence) {
        return Future.succeededFuture(
                answer("refused", why, sentence, new Explanation.Refusal(status, null), Optional.empty()));
    }

    private static boolean isByBehavior(Routed.Why why) {
        return switch (why) {
            case HTTPS_ONLY, METHOD_NOT_ALLOWED, BODY_NOT_ALLOWED -> true;
            case URL_TOO_LONG, BAD_PATH, UNKNOWN_HOST, DISTRIBUTION_DISABLED, GEO_BLOCKED -> false;
        };
    }

    /// The behavior that redirects or refuses a request: the one that would answer a plain GET over HTTPS.
    private static Optional<Explanation.Match> behavior(CurrentSnapshot.Published current, ViewerRequest request) {
        var plain = new ViewerRequest(
                "GET",
                "https",
                request.host(),
                request.rawPath(),
                request.rawQuery(),
                request.headers().withoutAny(OF_A_BODY),
                request.httpVersion(),
                request.clientAddress(),
                request.clientPort(),
                request.id());
        return current.routes().route(plain) instanceof Routed.Route route
                ? Optional.of(MatchWords.of(route))
                : Optional.empty();
    }

    /// Who comes from an unknown country is let in.
    private String letIn(Routed.Route route) {
        boolean restricted = !(route.distribution().geoRestriction() instanceof GeoRestriction.None);
        return restricted
                        && lookup.facts()
                                .country(route.request().clientAddress())
                                .isEmpty()
                ? Sentence.countryUnknown()
                : "";
    }

    private Explanation answer(
            String outcome,
            String why,
            String sentence,
            Explanation.Refusal refusal,
            Optional<Explanation.Match> match) {
        return new Explanation(
                node,
                lookup.clock().instant(),
                snapshots.version(),
                outcome,
                CacheStatus.token(why),
                sentence,
                refusal,
                match.orElse(null),
                null,
                null,
                null);
    }
}
