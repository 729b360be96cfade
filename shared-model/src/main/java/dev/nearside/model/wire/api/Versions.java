package dev.nearside.model.wire.api;

import java.time.Instant;
import java.util.List;

/// GET …/versions of a distribution or policy, newest first.
public record Versions(List<Item> items) {
    public record Item(long version, Instant at, String author, String comment) {}
}
