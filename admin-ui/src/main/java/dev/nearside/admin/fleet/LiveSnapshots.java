package dev.nearside.admin.fleet;

import dev.nearside.admin.control.ControlPlane;
import dev.nearside.model.wire.api.Snapshots;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which snapshot each edge should run: one for all, or two while a rollout is under way.
record LiveSnapshots(Map<String, Long> byEdge, long newest) {

    static LiveSnapshots of(ControlPlane controlPlane) {
        return controlPlane.snapshots().map(found -> of(found.items())).orElse(of(List.of()));
    }

    private static LiveSnapshots of(List<Snapshots.Item> snapshots) {
        var byEdge = new HashMap<String, Long>();
        long newest = 0;
        for (var snapshot : snapshots) {
            newest = Math.max(newest, snapshot.version());
            for (var edge : snapshot.edges()) byEdge.put(edge.name(), snapshot.version());
        }
        return new LiveSnapshots(byEdge, newest);
    }

    /// The snapshot that an edge should run; 0 while there is none.
    long of(String edge) {
        return byEdge.getOrDefault(edge, newest);
    }
}
