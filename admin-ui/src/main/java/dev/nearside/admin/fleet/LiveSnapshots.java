package dev.nearside.admin.fleet;

import dev.nearside.admin.control.ControlPlane;
import dev.nearside.model.wire.api.Snapshots;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which snapshot each edge should run: one for all, or two while a rollout is under way.
///
/// @param current the snapshot of every edge that tries none; 0 while there is none
/// @param trial the snapshot that some edges try; 0 if none does
record LiveSnapshots(Map<String, Long> byEdge, long current, long trial) {

    static final LiveSnapshots NONE = new LiveSnapshots(Map.of(), 0, 0);

    static LiveSnapshots of(ControlPlane controlPlane) {
        return controlPlane.snapshots().map(found -> of(found.items())).orElse(NONE);
    }

    static LiveSnapshots of(List<Snapshots.Item> snapshots) {
        var byEdge = new HashMap<String, Long>();
        long newest = 0;
        for (var snapshot : snapshots) {
            newest = Math.max(newest, snapshot.version());
            for (var edge : snapshot.edges()) byEdge.put(edge.name(), snapshot.version());
        }
        long latest = newest;
        long before = byEdge.values().stream()
                .mapToLong(Long::longValue)
                .filter(version -> version != latest)
                .max()
                .orElse(0);
        return before == 0
                ? new LiveSnapshots(Map.copyOf(byEdge), newest, 0)
                : new LiveSnapshots(Map.copyOf(byEdge), before, newest);
    }

    /// The snapshot that an edge should run; 0 while there is none.
    long of(String edge) {
        return byEdge.getOrDefault(edge, current);
    }

    /// How many edges should run a snapshot.
    long on(long snapshot) {
        return byEdge.values().stream().filter(each -> each == snapshot).count();
    }
}
