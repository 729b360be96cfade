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

    /// What became of a decision about an edge.
    sealed interface Decision {

        /// It is as it was wanted.
        ///
        /// @param edge as it is now
        record Taken(Enrolled edge) implements Decision {}

        record NoSuchEdge() implements Decision {}

        /// Somebody else decided first.
        record Stale(Enrolled edge) implements Decision {}

        /// A new credential was asked for, and nobody had ordered that.
        record NotOrdered() implements Decision {}
    }

    /// An enrolment token that nobody has used.
    ///
    /// @param id to name it by; tells nothing about the token
    record Invited(String id, Optional<String> edgeName, Instant createdAt, Instant expiresAt) {}

    /// The tokens that still let an edge in, oldest first.
    List<Invited> invited(Instant now);

    /// Whether there was such a token.
    boolean withdraw(String tokenId, Authorship by);

    void addEnrolmentToken(String tokenHash, Optional<String> edgeName, Instant expiresAt, Authorship by);

    /// Uses a token up and adds the edge, both or neither.
    Enrolment enrol(
            String tokenHash,
            String edgeId,
            String name,
            String softwareVersion,
            Map<String, String> labels,
            String credentialHash,
            Instant at);

    /// Gives an edge these labels and no others, if the given ETag is still its own.
    Decision label(String edgeId, String etag, Map<String, String> labels, Authorship by);

    /// Takes an edge out of service or back into it; nothing is changed if it is there already.
    Decision drain(String edgeId, boolean drained, Authorship by);

    /// An edge is to get a new credential.
    Decision orderRotation(String edgeId, Authorship by);

    /// A new credential is valid beside the old one, until it is used for the first time.
    Decision offer(String edgeId, String credentialHash);

    /// A new credential is used for the first time: from now on it is the only one.
    ///
    /// @return whose it is; empty if it is nobody's
    Optional<Enrolled> settle(String credentialHash, Instant at);

    /// Whether there was such an edge.
    boolean revoke(String edgeId, Authorship by);

    /// What an edge reported.
    ///
    /// @param reached how far it was first seen to have followed the log; empty if that was noted before
    /// @param report the report itself, as JSON; empty if it says nothing new
    /// @param feedIsAt the control plane that heard it, if it holds the edge's feed too
    record Note(
            String edgeId, Instant at, Optional<Long> reached, Optional<String> report, Optional<String> feedIsAt) {}

    /// The edge opened a feed at a control plane, or has none left there.
    void connection(String edgeId, String controlPlane, boolean isConnected);

    /// The revisions of all edges that are not revoked.
    Map<String, Long> revisions();

    /// Writes what edges reported, all in one transaction.
    void note(List<Note> notes);

    /// Forgets what no receipt needs: all that is noted of revoked edges, whatever lies below the oldest position, and
    /// of what lies below the exact ones all but the last of each hundred. From there on a receipt says by when an
    /// edge had applied an invalidation, not when.
    void forgetReceipts(long oldest, long exactFrom);

    /// When each edge was first seen to have applied an invalidation; edges that have not are absent.
    Map<String, Instant> reachedAt(long position);
}
