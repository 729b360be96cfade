package dev.nearside.admin.component;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// The addresses of the console's pages, so that a page can link to another without knowing it.
public final class Places {

    public static final String DASHBOARD = "";
    public static final String DISTRIBUTIONS = "distributions";
    public static final String POLICIES = "policies";
    public static final String INVALIDATIONS = "invalidations";
    public static final String EDGES = "edges";
    public static final String SNAPSHOTS = "snapshots";
    public static final String ROLLOUTS = "rollouts";
    public static final String CERTIFICATES = "certificates";

    public static final String AUDIT = "audit";
    public static final String EXPLAIN = "explain";
    public static final String DRAFT = "draft";
    public static final String VERSIONS = "versions";

    private Places() {}

    public static String distribution(String id) {
        return DISTRIBUTIONS + "/" + encoded(id);
    }

    /// The page of one policy.
    ///
    /// @param kind the kind's path in the API, as `cache-policies`
    public static String policy(String kind, String id) {
        return POLICIES + "/" + encoded(kind) + "/" + encoded(id);
    }

    public static String invalidation(String distribution, String id) {
        return INVALIDATIONS + "/" + encoded(distribution) + "/" + encoded(id);
    }

    public static String invalidationsOf(String distribution) {
        return INVALIDATIONS + "?distribution=" + encoded(distribution);
    }

    public static String edge(String id) {
        return EDGES + "/" + encoded(id);
    }

    /// What an edge would do with a request.
    public static String explain(String url, String edge) {
        return EXPLAIN + "?url=" + encoded(url) + (edge.isEmpty() ? "" : "&edge=" + encoded(edge));
    }

    public static String snapshot(long version) {
        return SNAPSHOTS + "/" + version;
    }

    /// The page of the rollout that tries a snapshot.
    public static String rollout(long version) {
        return ROLLOUTS + "/" + version;
    }

    /// Two snapshots side by side.
    public static String snapshots(long from, long to) {
        return SNAPSHOTS + "/compare/" + from + "/" + to;
    }

    /// The history of one document.
    ///
    /// @param kind the kind's path in the API, as `distributions`
    public static String versions(String kind, String id) {
        return VERSIONS + "/" + encoded(kind) + "/" + encoded(id);
    }

    /// Two versions of one document side by side.
    public static String versions(String kind, String id, long from, long to) {
        return versions(kind, id) + "?from=%d&to=%d".formatted(from, to);
    }

    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
