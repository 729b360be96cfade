package dev.nearside.model.wire.api;

import java.util.List;

/// GET /snapshots/{from}/diff/{to}; only what differs.
public record SnapshotDifference(long from, long to, List<DocumentDifference> documents) {}
