package dev.nearside.admin.insight;

import dev.nearside.model.wire.api.Metrics.Point;
import java.util.List;
import java.util.OptionalDouble;

/// What was answered in some time, summed up; every ratio of the console is computed here.
///
/// A request counts as answered from the cache when it needed no body from the origin for itself: a hit, a
/// revalidated or stale object, or a share of somebody else's trip.
record Traffic(
        double seconds, long requests, long fromCache, long errors, long bytes, long bytesFromCache, long originBytes) {

    static Traffic over(List<Point> points, int step) {
        var requests = 0L;
        var fromCache = 0L;
        var errors = 0L;
        var bytes = 0L;
        var bytesFromCache = 0L;
        var originBytes = 0L;
        for (var point : points) {
            var cached = point.hits() + point.refreshHits() + point.stales() + point.collapsed();
            var cachedBytes = point.hitBytes() + point.refreshHitBytes() + point.staleBytes() + point.collapsedBytes();
            fromCache += cached;
            requests += cached + point.misses() + point.passes() + point.errors();
            errors += point.errors();
            bytesFromCache += cachedBytes;
            bytes += cachedBytes + point.missBytes() + point.passBytes() + point.errorBytes();
            originBytes += point.originBytes();
        }
        return new Traffic(
                (double) points.size() * step, requests, fromCache, errors, bytes, bytesFromCache, originBytes);
    }

    OptionalDouble hitRatio() {
        return share(fromCache, requests);
    }

    OptionalDouble byteHitRatio() {
        return share(bytesFromCache, bytes);
    }

    /// The part of the bytes to viewers that the origins did not have to send.
    OptionalDouble offload() {
        return bytes == 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.max(0, 1 - (double) originBytes / bytes));
    }

    OptionalDouble errorRatio() {
        return share(errors, requests);
    }

    double requestsPerSecond() {
        return seconds == 0 ? 0 : requests / seconds;
    }

    private static OptionalDouble share(long part, long whole) {
        return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole);
    }
}
