package dev.nearside.edge.store.evict;

/// What a full cache is to save.
public enum Goal {

    /// As few trips to the origin as possible, whatever their size.
    ORIGIN_REQUESTS,

    /// As few bytes from the origin as possible.
    ORIGIN_BYTES
}
