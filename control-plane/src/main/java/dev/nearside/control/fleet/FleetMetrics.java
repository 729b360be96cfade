package dev.nearside.control.fleet;

import dev.nearside.control.metrics.Family;
import dev.nearside.model.wire.feed.EdgeReport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;

/// What whoever scrapes the control plane is told of the edges, and of what they are to have.
public final class FleetMetrics {
    private final Fleet fleet;
    private final FeedLog log;
    private final InstantSource clock;

    public FleetMetrics(Fleet fleet, FeedLog log, InstantSource clock) {
        this.fleet = fleet;
        this.log = log;
        this.clock = clock;
    }

    /// In the format of OpenMetrics.
    public String text() {
        var edges = fleet.edges();
        return edges(edges, clock.instant()) + log(edges) + snapshots(edges, log.targets());
    }

    private static String edges(List<EdgeStatus> edges, Instant now) {
        var family = Family.gauge("nearside_edges", "Enrolled edges by state.");
        for (var state : EdgeStatus.State.values()) {
            family.with(
                    "state",
                    state.word(),
                    edges.stream().filter(edge -> edge.state(now) == state).count());
        }
        return family.text()
                + Family.gauge("nearside_edges_drained", "Enrolled edges that operators took out of service.")
                        .with(edges.stream().filter(EdgeStatus::isDrained).count())
                        .text()
                + Family.gauge("nearside_feeds", "Feeds of edges that are open at this control plane.")
                        .with(edges.stream().mapToLong(EdgeStatus::feeds).sum())
                        .text();
    }

    private String log(List<EdgeStatus> edges) {
        var head = log.head();
        long followed = edges.stream()
                .filter(edge -> !edge.isDrained())
                .mapToLong(edge -> edge.report()
                        .filter(report -> report.epoch().equals(head.epoch()))
                        .map(EdgeReport::position)
                        .orElse(edge.edge().enrolledPosition()))
                .min()
                .orElse(head.position());
        return Family.gauge("nearside_log_position", "The latest invalidation of the log.")
                        .with(head.position())
                        .text()
                + Family.gauge("nearside_log_followed_position", "How far every edge that is not drained has followed.")
                        .with(followed)
                        .text()
                + Family.gauge("nearside_log_oldest_position", "The oldest invalidation that the log has kept.")
                        .with(head.oldestPosition())
                        .text();
    }

    private static String snapshots(List<EdgeStatus> edges, Targets targets) {
        var byWhetherItRuns = edges.stream()
                .collect(Collectors.partitioningBy(
                        edge -> edge.snapshotVersion() == targets.of(edge.edge().id(), edge.labels()),
                        Collectors.counting()));
        return Family.gauge("nearside_snapshot", "Numbers of snapshots: the newest, and what edges run off trial.")
                        .with("kind", "newest", targets.newest())
                        .with("kind", "settled", targets.settled())
                        .text()
                + Family.gauge(
                                "nearside_edges_snapshot",
                                "Enrolled edges by whether they run the snapshot meant for them.")
                        .with("state", "applied", byWhetherItRuns.getOrDefault(true, 0L))
                        .with("state", "missing", byWhetherItRuns.getOrDefault(false, 0L))
                        .text();
    }
}
