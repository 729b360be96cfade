package dev.nearside.control.rollout;

import dev.nearside.control.fleet.Canaries;
import java.time.Duration;

/// How a snapshot is tried.
///
/// @param duration how long it is watched
public record Plan(Canaries canaries, Guards guards, Duration duration) {}
