package dev.nearside.control.metrics;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Keeps what was counted, by minute.
public interface MetricsRepository {

    /// One series in one minute.
    record Minute(Instant start, Series series) {}

    /// What one minute of some series adds up to.
    record Sum(Instant minute, Tally tally) {}

    /// How far the counters of a run were added to the minutes.
    ///
    /// @param runId which start of the edge they count from
    record Baseline(String runId, Tally tally, Instant reportedAt) {}

    /// Adds to minutes and moves the baselines on, both or neither.
    ///
    /// Where another control plane has moved a baseline meanwhile, only what it has not counted is added.
    ///
    /// @param since the baselines that the minutes were counted from
    void add(Map<Minute, Tally> minutes, Map<Series, Baseline> baselines, Map<Series, Baseline> since);

    Map<Series, Baseline> baselines();

    /// The baselines of one edge.
    Map<Series, Baseline> baselines(String edgeId);

    /// The minutes from one (inclusive) to another (exclusive), series by series.
    Map<Minute, Tally> minutes(Instant from, Instant to);

    /// The sums of the minutes from one (inclusive) to another (exclusive), in order.
    List<Sum> sums(Instant from, Instant to, Selection selection);

    /// Forgets minutes, and how far revoked edges that were silent since had counted.
    void forgetBefore(Instant minute);
}
