package dev.nearside.control;

/// Documents to try things with.
final class Documents {
    private Documents() {}

    static String distribution(String name, String alias, String cachePolicy, boolean enabled) {
        return """
            {"name": "%s", "enabled": %s, "aliases": ["%s"],
             "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": 8060, "originProtocolPolicy": "http-only"}],
             "defaultCacheBehavior": {"targetOriginId": "site", "viewerProtocolPolicy": "allow-all", "cachePolicyId": "%s"}}
            """.formatted(name, enabled, alias, cachePolicy);
    }

    static String cachePolicy(String name, long defaultTtl) {
        return """
            {"name": "%s", "minTTL": 0, "defaultTTL": %d, "maxTTL": 300}
            """.formatted(name, defaultTtl);
    }
}
