package dev.nearside.model.wire.api;

/// Who asks.
///
/// @param kind `user` or `token`
public record Me(String name, String role, String kind) {}
