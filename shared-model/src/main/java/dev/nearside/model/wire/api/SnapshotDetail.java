package dev.nearside.model.wire.api;

import dev.nearside.model.wire.ConfigurationDocument;

/// GET /snapshots/{version}.
public record SnapshotDetail(Snapshots.Item snapshot, ConfigurationDocument configuration) {}
