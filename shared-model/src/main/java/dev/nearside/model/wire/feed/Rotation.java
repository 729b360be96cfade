package dev.nearside.model.wire.feed;

import java.time.Instant;

/// The edge that reads the feed is to fetch a new credential, with `POST /edge/v1/credential`, and to use it from then
/// on; its first use ends the old one.
public record Rotation(Instant orderTime) {}
