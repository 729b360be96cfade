package dev.nearside.edge.respond;

import dev.nearside.edge.http.Headers.Field;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.model.policy.ResponseHeadersPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Tells some viewers how the edge came by their answers, in `Server-Timing` (CF§6.5).
///
/// The header is begun with the head and ended when the head is sent: only then is it known how long that took.
public final class ServerTiming {

    static final String NAME = "Server-Timing";

    private final String node;
    private final RandomGenerator random;

    /// @param node this node's name
    public ServerTiming(String node, RandomGenerator random) {
        this.node = quotable(node);
        this.random = random;
    }

    /// The head with the header, if the route's policy wants it and this answer is among those told of.
    ///
    /// @param way how the request was answered; empty if the answer was made here
    /// @param upstream from asking the origin to the first byte of its answer, if it was asked
    ViewerHead applied(Optional<Route> route, Optional<ResultClass> way, Optional<Duration> upstream, ViewerHead head) {
        var wanted = route.flatMap(Route::responseHeadersPolicy).flatMap(ResponseHeadersPolicy::serverTiming);
        if (wanted.isEmpty()) return head;
        var request = route.get().request();
        boolean fetched = way.filter(ServerTiming::isFetched).isPresent();
        // What the origin measured for another request is of no use to this one.
        var origins = fetched ? head.headers().joined(NAME) : Optional.<String>empty();
        boolean told = isForced(request) || isDrawn(wanted.get().samplingRate());
        if (!told) return fetched ? head : head.with(head.headers().without(NAME));
        return head.with(head.headers().without(NAME).plus(NAME, begun(request.id(), way, upstream, origins)));
    }

    /// Whether answers on the route may tell of their way, each of its own.
    boolean concerns(Route route) {
        return route.responseHeadersPolicy()
                .flatMap(ResponseHeadersPolicy::serverTiming)
                .isPresent();
    }

    private static boolean isFetched(ResultClass way) {
        return way == ResultClass.MISS || way == ResultClass.PASS;
    }

    private boolean isDrawn(double percent) {
        return percent >= 100 || (percent > 0 && random.nextDouble(100) < percent);
    }

    private static boolean isForced(ViewerRequest request) {
        for (var field : request.headers().fields()) {
            if (!field.is("Pragma")) continue;
            for (var word : field.value().split(",", -1)) if (word.strip().equalsIgnoreCase(NAME)) return true;
        }
        return false;
    }

    private String begun(String id, Optional<ResultClass> way, Optional<Duration> upstream, Optional<String> origins) {
        var text = new StringBuilder(160);
        origins.ifPresent(text::append);
        way.ifPresent(known -> {
            if (isFetched(known)) metric(text, "cdn-upstream-layer;desc=\"EDGE\"");
            upstream.ifPresent(time -> metric(text, "cdn-upstream-fbl;dur=" + time.toMillis()));
            metric(text, cache(known));
        });
        metric(text, "cdn-pop;desc=\"" + node + "\"");
        metric(text, rid(id));
        if (way.isPresent() && cache(way.get()).equals("cdn-cache-hit")) metric(text, "cdn-hit-layer;desc=\"EDGE\"");
        return text.toString();
    }

    private static String cache(ResultClass way) {
        return switch (way) {
            case HIT, STALE, COLLAPSED -> "cdn-cache-hit";
            case REFRESH_HIT -> "cdn-cache-refresh";
            case MISS, PASS, ERROR -> "cdn-cache-miss";
        };
    }

    private static void metric(StringBuilder text, String metric) {
        if (!text.isEmpty()) text.append(',');
        text.append(metric);
    }

    private static String rid(String id) {
        return "cdn-rid;desc=\"" + id + "\"";
    }

    private static String quotable(String name) {
        return name.replace("\\", "").replace("\"", "");
    }

    /// A field as it is sent: ours is ended, others stay.
    ///
    /// @param id of the request
    /// @param nanos since it was read
    static String ended(Field field, String id, long nanos) {
        boolean ours = field.is(NAME) && field.value().contains(rid(id));
        return ours ? field.value() + ",cdn-downstream-fbl;dur=" + nanos / 1_000_000 : field.value();
    }
}
