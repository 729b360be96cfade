package dev.nearside.control.configuration;

import dev.nearside.model.wire.api.DocumentDifference;
import java.util.List;

/// What is saved, beside what is published; the difference is what a new snapshot would change.
///
/// @param latest the latest versions of all documents that are not deleted
public record Draft(Published published, List<Version> latest) {
    public Draft {
        latest = List.copyOf(latest);
    }

    /// As it stands. What is published is read first: if it changes in between, the ETag is one that never was.
    public static Draft of(Reading documents) {
        var published = documents.published();
        return new Draft(published, documents.latest());
    }

    public List<DocumentDifference> differences() {
        return Comparison.of(published.versions(), latest);
    }

    /// Names exactly this content beside exactly this snapshot.
    public String etag() {
        return "\"%d-%s\""
                .formatted(published.snapshot(), ConfigurationText.of(latest).hash());
    }
}
