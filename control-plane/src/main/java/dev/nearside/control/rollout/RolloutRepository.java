package dev.nearside.control.rollout;

import dev.nearside.control.audit.Authorship;
import dev.nearside.model.wire.api.NewRollout;
import dev.nearside.model.wire.api.Rollouts.Figures;
import java.util.List;
import java.util.Optional;

/// Keeps the rollouts. [dev.nearside.control.publish.PublicationRepository] begins them, together with the snapshot.
public interface RolloutRepository {

    /// A rollout as it was asked for, and what was last seen of it.
    record Kept(Rollout rollout, NewRollout asked, Optional<Figures> figures) {}

    /// The one that has not ended.
    Optional<Rollout> underWay();

    Optional<Kept> find(long version);

    /// The latest rollouts, newest first.
    List<Kept> latest(int atMost);

    /// Notes all that one control plane has counted for a rollout.
    void count(long version, String writer, Sides counted);

    /// What all control planes have counted for a rollout.
    Sides counted(long version);

    /// Notes what was seen, while the rollout is still in the state of that revision.
    void look(Rollout rollout, Figures figures);

    /// Takes a rollout to its next state, with all that follows from it: an end gives every edge one snapshot.
    ///
    /// @return the rollout after it; empty if it had left its state already, and nothing was done
    Optional<Rollout> move(Rollout rollout, State next, Authorship by);
}
