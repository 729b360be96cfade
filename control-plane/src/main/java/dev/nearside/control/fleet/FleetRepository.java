package dev.nearside.control.fleet;

import dev.nearside.control.audit.Authorship;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keeps the edges, what they proved to have applied, and the tokens that let new ones in.
public interface FleetRepository {

    /// How an enrolment ended.
    sealed interface Enrolment {

        /// The edge belongs to the fleet.
        ///
        /// @param replaced the edge that had this name before and is now revoked
        record Welcome(Enrolled edge, Optional<String> replaced) implements Enrolment {}

        /// No such token, used before, too old, or made for another name.
        record BadToken() implements Enrolment {}

        /// An edge of this name exists, and the token was not made for it.
        record NameTaken() implements Enrolment {}
    }

    /// All edges that are not revoked, by name.
    List<Enrolled> edges();

    /// The id of the edge that holds a credential.
    Optional<String> findByCredential(String credentialHash);

    void addEnrolmentToken(String tokenHash, Optional<String> edgeName, Instant expiresAt, Authorship by);

    /// Uses a token up and adds the edge, both or neither.
    Enrolment enrol(
            String tokenHash, String edgeId, String name, String softwareVersion, String credentialHash, Instant at);

    /// Whether there was such an edge.
    boolean revoke(String edgeId, Authorship by);

    /// The edge was heard of.
    void seen(String edgeId, Instant at, String report);

    /// The edge was first seen to have followed the log so far.
    void reached(String edgeId, long position, Instant at);

    /// When each edge was first seen to have applied an invalidation; edges that have not are absent.
    Map<String, Instant> reachedAt(long position);
}
