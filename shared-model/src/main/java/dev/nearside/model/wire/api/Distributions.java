package dev.nearside.model.wire.api;

import dev.nearside.model.wire.DistributionDocument;
import java.time.Instant;
import java.util.List;

/// GET /distributions.
public record Distributions(List<Item> items) {

    /// A distribution in its latest version.
    ///
    /// @param version counts up with every saved change
    /// @param status `Deployed` when every enrolled edge runs this version, else `InProgress`; `Unpublished`
    ///     while no snapshot holds it
    /// @param viewerProtocols `http-and-https`; `http-only` without a certificate
    /// @param warnings what an operator should know of it, like a certificate that ends soon
    public record Item(
            String id,
            long version,
            String etag,
            Instant lastModifiedTime,
            String author,
            String comment,
            String status,
            String viewerProtocols,
            List<String> warnings,
            DistributionDocument config) {}
}
