package dev.nearside.edge.http;

import java.util.Optional;

/// By what an origin can tell that a stored response is still good, in its own words.
public record Validators(Optional<String> etag, Optional<String> lastModified) {

    public static final Validators NONE = new Validators(Optional.empty(), Optional.empty());

    public boolean present() {
        return etag.isPresent() || lastModified.isPresent();
    }
}
