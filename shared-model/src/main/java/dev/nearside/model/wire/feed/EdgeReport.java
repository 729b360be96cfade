package dev.nearside.model.wire.feed;

import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// POST /edge/v1/reports: what an edge has applied and answered so far.
///
/// @param runId changes with every start of the process; counters count from there
/// @param snapshotVersion which snapshot it runs; 0 for none
/// @param refused the latest snapshot it refused, if it did
/// @param certificates what it was told of certificates; absent from edges that know none
/// @param position the last applied entry of the log, in `epoch`
/// @param service how viewers were served; absent if its release does not say
public record EdgeReport(
        String runId,
        Instant startTime,
        Instant sentAt,
        String version,
        long snapshotVersion,
        @Nullable Refused refused,
        String epoch,
        long position,
        Cache cache,
        List<Counters> counters,
        @Nullable List<ShownCertificate> certificates,
        @Nullable Service service) {

    /// The same without what was counted, and with these words of the edge.
    public EdgeReport with(@Nullable Refused said, @Nullable List<ShownCertificate> shown) {
        return new EdgeReport(
                runId,
                startTime,
                sentAt,
                version,
                snapshotVersion,
                said,
                epoch,
                position,
                cache,
                List.of(),
                shown,
                null);
    }

    /// What became of one certificate on the edge.
    ///
    /// @param version which it shows; 0 for none
    /// @param problem why it does not show the one that it was last told of; absent if it does
    public record ShownCertificate(
            String id, long version, @Nullable String problem) {}

    public record Refused(long version, List<String> problems) {}

    public record Cache(
            long memoryUsed, long memoryLimit, long diskUsed, long diskLimit, long objects, boolean recovered) {

        public boolean hasNothingBelowZero() {
            return LongStream.of(memoryUsed, memoryLimit, diskUsed, diskLimit, objects)
                    .allMatch(amount -> amount >= 0);
        }
    }

    /// Cumulative since the process started, over all distributions.
    ///
    /// @param serverErrors answers with a status of 500 or above, whoever made them
    /// @param latency how many viewers waited so long for the first byte, in the steps of [LatencyScale]; an answer
    ///     straight from memory counts as one of the first step, without a clock being asked
    public record Service(long serverErrors, List<Long> latency) {}

    /// Cumulative since the process started; classes are disjoint.
    public record Counters(
            String distributionId,
            long hits,
            long refreshHits,
            long stales,
            long collapsed,
            long misses,
            long passes,
            long errors,
            long hitBytes,
            long refreshHitBytes,
            long staleBytes,
            long collapsedBytes,
            long missBytes,
            long passBytes,
            long errorBytes,
            long originBytes) {

        public boolean hasNothingBelowZero() {
            return LongStream.of(
                            hits,
                            refreshHits,
                            stales,
                            collapsed,
                            misses,
                            passes,
                            errors,
                            hitBytes,
                            refreshHitBytes,
                            staleBytes,
                            collapsedBytes,
                            missBytes,
                            passBytes,
                            errorBytes,
                            originBytes)
                    .allMatch(amount -> amount >= 0);
        }
    }
}
