package dev.nearside.control.audit;

import java.util.List;

/// The changes that were made. Repositories write to it within the transaction of each change.
public interface AuditLog {

    /// The latest changes before an entry, newest first.
    ///
    /// @param before the id that all of them are below
    List<AuditEntry> latest(long before, int count);
}
