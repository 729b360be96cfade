package dev.nearside.edge.http;

/// What a 200, or another final answer, said of a resource: its head, with its body or with the slices of it.
public sealed interface Representation extends Stored permits StoredResponse, Sliced {

    /// What freshness, reuse and conditions are judged by.
    StoredResponse head();

    /// The same bytes under another head.
    Representation under(StoredResponse other);
}
