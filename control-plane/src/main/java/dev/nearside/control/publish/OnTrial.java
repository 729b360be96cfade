package dev.nearside.control.publish;

import dev.nearside.control.fleet.Canaries;

/// What makes a snapshot one that only some edges run at first.
///
/// @param plan the JSON of the rollout, as it was asked for
public record OnTrial(Canaries canaries, String plan) {}
