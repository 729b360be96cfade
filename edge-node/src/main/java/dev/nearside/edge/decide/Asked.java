package dev.nearside.edge.decide;

/// What a decision needs to know of a request.
///
/// @param methodCacheable whether the behavior caches answers to this method
/// @param ambiguous whether the origin may read another path than the one whose policies apply
/// @param authorized whether an `Authorization` goes to the origin that the key does not tell apart
public record Asked(String method, boolean methodCacheable, boolean ambiguous, boolean authorized) {}
