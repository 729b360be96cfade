package dev.nearside.model.wire.feed;

import dev.nearside.model.wire.api.ExplainRequest;

/// A question to the edge that reads the feed; it has no place in the log, and is answered with {@link Answered}.
public record Question(String id, ExplainRequest explain) {}
