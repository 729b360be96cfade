package dev.nearside.admin.control;

import java.util.Optional;

/// The three kinds of policies that a behavior selects.
public enum PolicyKind {
    CACHE("cache-policies", "Cache policy", "Cache"),
    ORIGIN_REQUEST("origin-request-policies", "Origin request policy", "Origin request"),
    RESPONSE_HEADERS("response-headers-policies", "Response headers policy", "Response headers");

    private final String path;
    private final String title;
    private final String shortTitle;

    PolicyKind(String path, String title, String shortTitle) {
        this.path = path;
        this.title = title;
        this.shortTitle = shortTitle;
    }

    /// Its collection in the API, and in the console's addresses.
    public String path() {
        return path;
    }

    public String title() {
        return title;
    }

    public String shortTitle() {
        return shortTitle;
    }

    public static Optional<PolicyKind> at(String path) {
        for (var kind : values()) {
            if (kind.path.equals(path)) return Optional.of(kind);
        }
        return Optional.empty();
    }
}
