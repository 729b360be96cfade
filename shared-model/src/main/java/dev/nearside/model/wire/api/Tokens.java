package dev.nearside.model.wire.api;

import java.time.Instant;
import java.util.List;

/// GET /tokens.
public record Tokens(List<Item> items) {
    public record Item(String id, String name, String role, Instant createTime) {}
}
