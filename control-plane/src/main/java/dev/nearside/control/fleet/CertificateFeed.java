package dev.nearside.control.fleet;

import dev.nearside.control.http.EventSink;
import java.util.Map;
import java.util.Set;

/// What edges are told of certificates: those that their snapshot needs, before the snapshot, and again whenever one is
/// replaced. It has no place in the log; every connection begins with nothing told.
public interface CertificateFeed {

    /// What one stream was told.
    ///
    /// @param versions of each certificate, by id
    record Told(Map<String, Long> versions) {
        public static final Told NOTHING = new Told(Map.of());

        public Told {
            versions = Map.copyOf(versions);
        }
    }

    /// Something may have been committed; reads once what all streams then look at.
    ///
    /// @param epoch under another one snapshots count anew
    void refresh(String epoch);

    /// Whether a stream has not been told all of what its snapshot needs; never waits.
    boolean isMoreThan(Told told, long snapshotVersion);

    /// Tells a stream what it has not been told.
    ///
    /// @param isConfidential nobody between here and the edge can read it
    Told tell(long snapshotVersion, Told told, boolean isConfidential, EventSink sink);

    /// The certificates that a snapshot needs, by id.
    Set<String> neededBy(long snapshotVersion);
}
