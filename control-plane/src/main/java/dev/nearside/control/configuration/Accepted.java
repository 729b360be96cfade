package dev.nearside.control.configuration;

/// A version that was found to be without a problem and is about to be saved.
public record Accepted(Version version, Claims claims) {}
