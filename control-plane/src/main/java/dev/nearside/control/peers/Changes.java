package dev.nearside.control.peers;

/// Word of what was committed, to every control plane on the same database.
///
/// Word may be lost, come twice, or come late: whoever hears it reads the database, which alone is the truth. A word
/// that was lost to another control plane costs it a second, since each one also looks by itself once a second.
public interface Changes extends AutoCloseable {

    /// What may be different now.
    enum Subject {
        /// Something was added to the log, a snapshot was published, or a new epoch began.
        LOG,
        /// An edge was enrolled or revoked, or is described otherwise.
        EDGES,
        /// An edge has reached another position or snapshot.
        PROGRESS,
        /// A rollout took a step: other edges get another snapshot.
        ROLLOUT,
        /// A certificate was added, replaced or removed.
        CERTIFICATES
    }

    /// Says that something was committed; called after the commit. Does not fail, and does not wait for others.
    ///
    /// Listeners in this process have run when it returns.
    void announce(Subject subject);

    /// Has something done whenever a subject may have changed, wherever that was. Must bear being called for nothing.
    void listen(Subject subject, Runnable listener);

    /// Has those look again who failed to act on what they heard; called every second.
    void lookAgain();

    /// Nothing is heard or said any more.
    @Override
    void close();
}
