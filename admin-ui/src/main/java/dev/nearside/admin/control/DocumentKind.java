package dev.nearside.admin.control;

import java.util.Optional;

/// The four kinds of documents that are kept in versions.
public enum DocumentKind {
    DISTRIBUTION("distributions", "distribution", "Distribution"),
    CACHE_POLICY("cache-policies", "cache-policy", "Cache policy"),
    ORIGIN_REQUEST_POLICY("origin-request-policies", "origin-request-policy", "Origin request policy"),
    RESPONSE_HEADERS_POLICY("response-headers-policies", "response-headers-policy", "Response headers policy");

    private final String path;
    private final String word;
    private final String title;

    DocumentKind(String path, String word, String title) {
        this.path = path;
        this.word = word;
        this.title = title;
    }

    /// Its collection in the API, and in the console's addresses.
    public String path() {
        return path;
    }

    public String title() {
        return title;
    }

    public static Optional<DocumentKind> at(String path) {
        for (var kind : values()) {
            if (kind.path.equals(path)) return Optional.of(kind);
        }
        return Optional.empty();
    }

    /// By the word that differences have for it.
    public static Optional<DocumentKind> of(String word) {
        for (var kind : values()) {
            if (kind.word.equals(word)) return Optional.of(kind);
        }
        return Optional.empty();
    }
}
