package dev.nearside.model.wire.api;

import java.util.List;

/// GET /draft: what is saved and not published.
///
/// @param snapshot the current snapshot, which the draft is compared with; 0 while there is none
/// @param etag names exactly this draft of exactly this snapshot
public record Draft(long snapshot, String etag, List<DocumentDifference> documents) {}
