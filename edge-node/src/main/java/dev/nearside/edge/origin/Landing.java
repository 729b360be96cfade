package dev.nearside.edge.origin;

import dev.nearside.edge.decide.Asked;
import dev.nearside.edge.decide.Storability;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.store.Body;
import java.util.Optional;
import java.util.OptionalLong;

/// What the leader of a flight found out when the head of the answer had arrived.
sealed interface Landing {

    /// The answer is being stored; who may share it joins its body as it arrives.
    ///
    /// @param variants what responses to the flight's key differ by
    /// @param variant the key that it is stored under, which differs from the flight's where it varies
    record Shared(Asked leader, Optional<Variants> variants, CacheKey variant, Storability.Storable verdict, Body body)
            implements Landing {

        boolean isAllThere() {
            return body.length().equals(OptionalLong.of(body.arrived()));
        }
    }

    /// What is stored has been brought up to date: look again.
    record Stored() implements Landing {}

    /// The answer is the leader's alone.
    record Alone() implements Landing {}

    record Failed(OriginOutcome.Failed failure) implements Landing {}
}
