package dev.nearside.control.audit;

import java.time.Instant;

/// One change that was made.
///
/// @param subject what was changed, never a secret
public record AuditEntry(Instant at, String author, String action, String subject, String comment) {}
