package dev.nearside.control.fleet;

import dev.nearside.model.wire.feed.EdgeReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One edge as it is known right now.
///
/// @param feeds how many of its feeds are open; more than one only while a lost connection goes unnoticed
/// @param heard when it last reported to this control plane; empty since this start
/// @param elsewhere until when it counts as connected to another control plane; empty if its feed is not at another
/// @param report its last report, perhaps from before this start
public record EdgeStatus(
        Enrolled edge, int feeds, Optional<Instant> heard, Optional<Instant> elsewhere, Optional<EdgeReport> report) {
    /// Edges report every second.
    static final Duration SILENCE = Duration.ofSeconds(5);

    static EdgeStatus of(Enrolled edge, Optional<EdgeReport> report) {
        return new EdgeStatus(edge, 0, Optional.empty(), Optional.empty(), report);
    }

    /// How an edge stands with the control planes.
    public enum State {
        /// It can be reached.
        CONNECTED,
        /// It was heard of before, and cannot be reached.
        UNREACHABLE,
        /// It has said nothing yet.
        ENROLLED;

        /// The word of the API.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public State state(Instant now) {
        if (isReachable(now)) return State.CONNECTED;
        return report.isPresent() ? State.UNREACHABLE : State.ENROLLED;
    }

    /// Whether an order would reach the edge now: its feed is open, and it was heard of lately.
    public boolean isReachable(Instant now) {
        return (feeds > 0 && heard.map(at -> now.isBefore(at.plus(SILENCE))).orElse(false))
                || elsewhere.map(until -> now.isBefore(until.plus(SILENCE))).orElse(false);
    }

    public Instant lastSeen() {
        return heard.filter(at -> at.isAfter(edge.lastSeen())).orElse(edge.lastSeen());
    }

    /// What operators choose it by, sorted by name.
    public Map<String, String> labels() {
        return edge.standing().labels();
    }

    /// Whether it should get no new viewers; nobody waits for what it has yet to apply.
    public boolean isDrained() {
        return edge.standing().drainedAt().isPresent();
    }

    public long snapshotVersion() {
        return report.map(EdgeReport::snapshotVersion).orElse(0L);
    }

    /// Whether more was decided than this knows of.
    boolean isNewerThan(Enrolled other) {
        return edge.standing().revision() > other.standing().revision();
    }

    EdgeStatus with(Enrolled newEdge) {
        return new EdgeStatus(newEdge, feeds, heard, elsewhere, report);
    }

    EdgeStatus withFeeds(int count) {
        return new EdgeStatus(edge, count, heard, elsewhere, report);
    }

    EdgeStatus with(EdgeReport newReport, Instant at) {
        return new EdgeStatus(edge, feeds, Optional.of(at), elsewhere, Optional.of(newReport));
    }

    EdgeStatus withElsewhere(Optional<Instant> until) {
        return new EdgeStatus(edge, feeds, heard, until, report);
    }

    EdgeStatus withReport(Optional<EdgeReport> newReport) {
        return new EdgeStatus(edge, feeds, heard, elsewhere, newReport);
    }
}
