package dev.nearside.model.wire.api;

import java.time.Instant;
import java.util.List;

/// GET /audit, newest first.
public record AuditLog(List<Item> items) {
    public record Item(Instant at, String who, String action, String subject, String detail) {}
}
