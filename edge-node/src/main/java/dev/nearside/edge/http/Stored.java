package dev.nearside.edge.http;

/// What may lie in the store under a key.
public sealed interface Stored permits Representation, Variants {

    /// The log position known when the fetch of it began; an invalidation with a higher number kills it.
    LogPosition position();

    /// By which it can be invalidated, beside its path.
    Tags tags();
}
