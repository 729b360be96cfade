package dev.nearside.control.configuration;

import java.util.Optional;

/// A document that somebody wants to save.
///
/// @param document under the id that it has or will have
/// @param path where it stands in what they sent; empty if it is all they sent
/// @param replaces the version that it follows; empty for a new document
/// @param isLiving whether that version is not deleted
record Proposal(Document document, String path, Optional<Version> replaces, boolean isLiving) {

    Proposal(Document document, String path, Optional<Version> replaces) {
        this(document, path, replaces, true);
    }

    String id() {
        return document.id().orElseThrow();
    }

    String at(String property) {
        return path.isEmpty() ? property : property.isEmpty() ? path : path + "." + property;
    }
}
