package dev.nearside.model.wire.api;

import java.util.List;

/// What PUT /config did, or would do.
///
/// @param dryRun whether nothing was stored
/// @param etag of the configuration as it is now
/// @param draft the ETag of the draft as it is now, to publish no more than this
public record ConfigurationDifference(boolean dryRun, String etag, String draft, List<DocumentDifference> documents) {}
