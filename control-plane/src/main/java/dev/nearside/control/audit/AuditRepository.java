package dev.nearside.control.audit;

import java.util.List;

/// The changes that were made. Repositories write to it within the transaction of each change.
public interface AuditRepository {

    /// The latest changes, newest first.
    List<AuditEntry> latest(int atMost);
}
