package dev.nearside.model.policy;

/// What an origin is told beyond what the cache policy already sends it (CF§5).
public record OriginRequestPolicy(
        PolicyId id, String name, HeaderSelection headers, NameSelection cookies, NameSelection queryStrings) {}
