package dev.nearside.model.wire.feed;

/// Whether the edge that reads the feed should get new viewers; what it has, it goes on serving.
///
/// @param drained whether load balancers are to take it out
public record Duty(boolean drained) {}
