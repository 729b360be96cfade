package dev.nearside.model.wire.api;

import java.time.Instant;

/// A copy of the database that was taken while it was in use.
///
/// @param file where it lies, on the control plane's machine
public record Backup(String file, long bytes, Instant createTime) {}
