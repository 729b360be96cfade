package dev.nearside.control.configuration;

/// The four kinds of document that are kept in versions.
public enum Kind {
    DISTRIBUTION("distribution", "distributions"),
    CACHE_POLICY("cache policy", "cachePolicies"),
    ORIGIN_REQUEST_POLICY("origin request policy", "originRequestPolicies"),
    RESPONSE_HEADERS_POLICY("response headers policy", "responseHeadersPolicies");

    private final String words;
    private final String property;

    Kind(String words, String property) {
        this.words = words;
        this.property = property;
    }

    /// The word of the API for one.
    public String word() {
        return words.replace(' ', '-');
    }

    /// How people call one.
    public String words() {
        return words;
    }

    /// Where a configuration document lists them.
    public String property() {
        return property;
    }
}
