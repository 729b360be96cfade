package dev.nearside.control.rollout;

import java.util.Optional;

/// What is seen of a rollout at one moment.
///
/// @param canaries how many edges are to try the snapshot, drained ones left out
/// @param reachable how many of them can be reached
/// @param applied how many of those that can be reached run it
/// @param refusal what a canary has against it; empty if none refused it
/// @param sides what was answered since the watch began
public record Observations(int canaries, int reachable, int applied, Optional<String> refusal, Sides sides) {

    /// Whether so many canaries are gone that the rest proves little; an edge may be gone because of what it tried.
    boolean areLost() {
        return canaries == 0 || reachable * 2 < canaries;
    }
}
