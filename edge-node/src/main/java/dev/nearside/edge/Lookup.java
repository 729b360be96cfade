package dev.nearside.edge;

import dev.nearside.edge.decide.Asked;
import dev.nearside.edge.decide.CacheDecision;
import dev.nearside.edge.decide.Freshness;
import dev.nearside.edge.decide.TtlRules;
import dev.nearside.edge.http.Representation;
import dev.nearside.edge.http.Sliced;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.key.CacheKeys;
import dev.nearside.edge.origin.Fetcher;
import dev.nearside.edge.origin.ForwardedRequest;
import dev.nearside.edge.origin.Hop;
import dev.nearside.edge.origin.OriginOutcome;
import dev.nearside.edge.origin.RecentFailures;
import dev.nearside.edge.origin.Trip;
import dev.nearside.edge.route.Fact;
import dev.nearside.edge.route.Routed;
import dev.nearside.edge.store.CacheStore;
import dev.nearside.edge.store.Contexts;
import dev.nearside.edge.store.Entry;
import dev.nearside.edge.viewer.Viewer;
import dev.nearside.edge.viewer.ViewerFacts;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// From a route to what lies under its key, and to what that means for the request. It is the same for requests that
/// are served and for those that are only explained.
///
/// @param proven whether a stored response may be served on the node's own knowledge of the invalidation log
/// @param fetcher knows how to read what is stored in slices
record Lookup(
        ViewerFacts facts,
        CacheStore store,
        Predicate<StoredResponse> proven,
        Fetcher fetcher,
        RecentFailures failures,
        Hop hop,
        InstantSource clock) {

    /// What lies under a request's key, to be closed; closing it again does nothing.
    static final class Looked {

        private final Optional<Variants> variants;
        private final Optional<Found> found;
        private boolean isClosed;

        /// @param variants what responses to the key differ by, if they do
        Looked(Optional<Variants> variants, Optional<Found> found) {
            this.variants = variants;
            this.found = found;
        }

        static Looked nothing() {
            return new Looked(Optional.empty(), Optional.empty());
        }

        Optional<Variants> variants() {
            return variants;
        }

        Optional<Found> found() {
            return found;
        }

        Optional<StoredResponse> response() {
            return found.map(Found::response);
        }

        void close() {
            if (isClosed) return;
            isClosed = true;
            found.ifPresent(there -> there.entry().close());
        }
    }

    record Found(Entry entry, Representation stored, CacheKey under) {
        StoredResponse response() {
            return stored.head();
        }
    }

    Future<Inquiry> inquire(Viewer viewer, Routed.Route route) {
        return told(viewer, route, route.selectors().keyedFacts()).map(known -> Inquiry.of(viewer, known));
    }

    /// The inquiry with all that the origin is told of the viewer; whoever is served from here goes without.
    Future<Inquiry> told(Inquiry inquiry) {
        var wanted = inquiry.route().selectors().sentFacts();
        return wanted.isEmpty() || inquiry.isTold()
                ? Future.succeededFuture(inquiry)
                : told(inquiry.viewer(), inquiry.route(), wanted).map(inquiry::on);
    }

    /// The route with more said about its viewer. A device that was never seen takes a moment of thought.
    private Future<Routed.Route> told(Viewer viewer, Routed.Route route, List<Fact> wanted) {
        if (wanted.isEmpty()) return Future.succeededFuture(route);
        var told = facts.told(route, wanted, viewer);
        return told.isDone() ? Future.succeededFuture(told.join()) : Contexts.here(Future.fromCompletionStage(told));
    }

    /// How fresh a stored response is, if it answers by itself, now; else null.
    @Nullable
    Freshness freshness(Asked asked, TtlRules ttl, StoredResponse stored, Instant now) {
        var decision =
                CacheDecision.decide(asked, Optional.empty(), Optional.of(stored), ttl, proven.test(stored), now);
        return decision instanceof CacheDecision.Hit(var _, var freshness) ? freshness : null;
    }

    /// What lies in memory under a key, if it has this very head, not just an equal one: an equal one may have come
    /// with another body. The caller closes it.
    @SuppressWarnings("ReferenceEquality")
    @Nullable
    Entry inMemory(CacheKey key, StoredResponse stored) {
        var found = store.findInMemory(key);
        if (found.isEmpty()) return null;
        if (found.get().head() == stored) return found.get();
        found.get().close();
        return null;
    }

    Future<Looked> find(Inquiry inquiry) {
        if (!inquiry.asked().methodCacheable() || inquiry.ttl().disableCaching()) {
            return Future.succeededFuture(Looked.nothing());
        }
        return store.find(inquiry.key()).compose(entry -> switch (entry.map(Entry::head)
                .orElse(null)) {
            case null -> Future.succeededFuture(Looked.nothing());
            case Representation stored -> looked(inquiry, Optional.empty(), entry.get(), stored, inquiry.key());
            case Variants variants -> {
                entry.get().close();
                yield told(inquiry).compose(full -> variant(full, variants));
            }
        });
    }

    private Future<Looked> variant(Inquiry inquiry, Variants variants) {
        var under = variantKey(inquiry, variants);
        return store.find(under).compose(variant -> {
            if (variant.isPresent() && variant.get().head() instanceof Representation stored) {
                return looked(inquiry, Optional.of(variants), variant.get(), stored, under);
            }
            variant.ifPresent(Entry::close);
            return Future.succeededFuture(new Looked(Optional.of(variants), Optional.empty()));
        });
    }

    /// @param inquiry with all that the origin is told
    CacheKey variantKey(Inquiry inquiry, Variants variants) {
        var sent = ForwardedRequest.fetch(inquiry.route(), inquiry.selection(), hop);
        return CacheKeys.variant(inquiry.key(), variants, sent.headers());
    }

    private Future<Looked> looked(
            Inquiry inquiry, Optional<Variants> variants, Entry entry, Representation stored, CacheKey under) {
        var on = variants.map(Variants::on).orElse(List.of());
        if (!CacheKeys.covers(stored.head(), on, inquiry.route().selectors())) {
            entry.close();
            return Future.succeededFuture(new Looked(variants, Optional.empty()));
        }
        return switch (stored) {
            case StoredResponse _ ->
                Future.succeededFuture(new Looked(variants, Optional.of(new Found(entry, stored, under))));
            case Sliced sliced -> {
                entry.close();
                // Slices that are missing are brought in the name of this request.
                yield told(inquiry).map(full -> {
                    var trip = trip(full, new Looked(variants, Optional.empty()), false, Optional.empty());
                    var slices = fetcher.slices(trip, under, sliced);
                    return new Looked(variants, Optional.of(new Found(slices, sliced, under)));
                });
            }
        };
    }

    CacheDecision decide(Inquiry inquiry, Looked looked) {
        var trusted = looked.response().map(proven::test).orElse(true);
        return CacheDecision.decide(
                inquiry.asked(), looked.variants(), looked.response(), inquiry.ttl(), trusted, clock.instant());
    }

    /// How the origin has just failed, if it is to be left alone still.
    Optional<OriginOutcome.Failed> recentFailure(Inquiry inquiry) {
        return failures.find(inquiry.key(), clock.instant());
    }

    /// What a decision has an origin asked for; what a hit has, should it have to be brought after all.
    ///
    /// @param inquiry with all that the origin is told
    Errand errand(CacheDecision decision, Inquiry inquiry, Looked looked) {
        return switch (decision) {
            case CacheDecision.Hit _ -> plain(inquiry, looked, Optional.empty());
            case CacheDecision.HitWhileRefreshing(var stored, var _) ->
                new Errand.ForAll(trip(inquiry, looked, true, Optional.of(stored)));
            case CacheDecision.Revalidate(var _, var _, var _, var spare) ->
                new Errand.ForAll(trip(inquiry, looked, true, spare));
            case CacheDecision.Miss(var _, var spare) -> plain(inquiry, looked, spare);
            case CacheDecision.Pass _ -> new Errand.ForOne(trip(inquiry, looked, false, Optional.empty()));
        };
    }

    /// HEAD brings no body that could be stored.
    private Errand plain(Inquiry inquiry, Looked looked, Optional<StoredResponse> spare) {
        var trip = trip(inquiry, looked, false, spare);
        return inquiry.route().request().is("HEAD") ? new Errand.ForOne(trip) : new Errand.ForAll(trip);
    }

    private Trip trip(Inquiry inquiry, Looked looked, boolean revalidate, Optional<StoredResponse> spare) {
        var known = looked.found().filter(_ -> revalidate);
        return new Trip(
                inquiry.route(),
                inquiry.selection(),
                hop,
                inquiry.asked(),
                inquiry.ttl(),
                inquiry.key(),
                looked.variants(),
                known.map(found -> new Trip.Known(found.stored(), found.under())),
                spare,
                known.isPresent() && known.get().stored() instanceof Sliced sliced
                        ? Trip.extentOf(inquiry.route(), sliced)
                        : Trip.extentOf(inquiry.route()),
                Optional.empty());
    }
}
