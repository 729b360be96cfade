package dev.nearside.model.wire.feed;

/// The edge's place in the log is unknown or too old: what it stored before must be revalidated once.
public record Reset(String epoch, long position) {}
