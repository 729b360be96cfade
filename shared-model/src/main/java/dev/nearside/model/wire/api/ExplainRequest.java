package dev.nearside.model.wire.api;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// POST /explain: a viewer's request, of which an edge shall say what it would do with it and why.
///
/// @param url absolute, with `http` or `https`; its path and query are taken as they are written
/// @param method GET if absent
/// @param headers of the viewer; a `Host` among them counts more than that of the URL
/// @param clientIp the viewer's address; 127.0.0.1 if absent
/// @param edge name of the edge to ask; any connected one if absent
public record ExplainRequest(
        @Nullable String url,
        @Nullable String method,
        @Nullable Map<String, String> headers,
        @Nullable String clientIp,
        @Nullable String edge) {

    private static final String METHOD = "GET";
    private static final String CLIENT_IP = "127.0.0.1";

    /// The same for another edge, or for whichever one reads it.
    public ExplainRequest forEdge(@Nullable String name) {
        return new ExplainRequest(url, method, headers, clientIp, name);
    }

    /// With what was left out filled in.
    public ExplainRequest filled() {
        return new ExplainRequest(
                url == null ? "" : url,
                method == null ? METHOD : method,
                headers == null ? Map.of() : headers,
                clientIp == null ? CLIENT_IP : clientIp,
                edge);
    }

    /// Never shows a value of a header, wherever it is printed: it may be a secret.
    @Override
    public String toString() {
        var names = headers == null ? Set.of() : new TreeMap<>(headers).keySet();
        return "ExplainRequest[%s %s, headers=%s, edge=%s]".formatted(method, url, names, edge);
    }
}
