package dev.nearside.model.wire.feed;

/// The edge has been told everything up to this position.
public record CaughtUp(String epoch, long position) {}
