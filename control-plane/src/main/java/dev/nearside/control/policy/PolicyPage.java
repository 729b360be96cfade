package dev.nearside.control.policy;

import dev.nearside.control.configuration.Document;
import dev.nearside.control.configuration.Version;
import dev.nearside.model.wire.api.CachePolicies;
import dev.nearside.model.wire.api.OriginRequestPolicies;
import dev.nearside.model.wire.api.ResponseHeadersPolicies;
import java.util.List;
import java.util.Optional;

/// A policy as the API shows it, managed or custom.
///
/// @param saved the version that is shown; empty for a managed policy
/// @param usedBy the names of the distributions that select it
record PolicyPage(Document document, Optional<Version> saved, List<String> usedBy) {
    /// Managed policies come in one version.
    private static final String MANAGED_ETAG = "\"1\"";

    PolicyPage {
        usedBy = List.copyOf(usedBy);
    }

    String etag() {
        return saved.map(Version::etag).orElse(MANAGED_ETAG);
    }

    boolean isManaged() {
        return saved.isEmpty();
    }

    /// The record that is written as JSON.
    Record item() {
        var id = document.id().orElseThrow();
        var type = isManaged() ? "managed" : "custom";
        long number = saved.map(Version::number).orElse(1);
        var time = saved.map(Version::savedAt).orElse(null);
        var author = saved.map(Version::author).orElse(null);
        var comment = saved.map(Version::comment).orElse(null);
        return switch (document) {
            case Document.OfCachePolicy(var config) ->
                new CachePolicies.Item(id, type, number, etag(), time, author, comment, usedBy, config);
            case Document.OfOriginRequestPolicy(var config) ->
                new OriginRequestPolicies.Item(id, type, number, etag(), time, author, comment, usedBy, config);
            case Document.OfResponseHeadersPolicy(var config) ->
                new ResponseHeadersPolicies.Item(id, type, number, etag(), time, author, comment, usedBy, config);
            case Document.OfDistribution _ -> throw new IllegalArgumentException("a distribution is no policy");
        };
    }
}
