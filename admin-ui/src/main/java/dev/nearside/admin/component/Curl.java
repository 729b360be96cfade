package dev.nearside.admin.component;

import dev.nearside.model.wire.Json;

/// Calls of the management API as commands to copy. `$NEARSIDE_TOKEN` stands for the reader's own API token.
public record Curl(String address) {

    public String get(String path) {
        return "curl -H \"Authorization: Bearer $NEARSIDE_TOKEN\" \\\n  " + at(path);
    }

    public String post(String path, Record body) {
        return sending("POST", "", path, body);
    }

    public String put(String path, String etag, Record body) {
        return sending("PUT", " \\\n  -H " + ifMatch(etag), path, body);
    }

    private String sending(String method, String more, String path, Record body) {
        return "curl -X %s -H \"Authorization: Bearer $NEARSIDE_TOKEN\"%s \\\n  -H \"Content-Type: application/json\" \\\n  -d %s \\\n  %s"
                .formatted(method, more, quoted(Json.write(body)), at(path));
    }

    private static String ifMatch(String etag) {
        return quoted("If-Match: " + (etag.startsWith("\"") ? etag : '"' + etag + '"'));
    }

    private String at(String path) {
        return quoted(
                (address.endsWith("/") ? address.substring(0, address.length() - 1) : address) + "/api/v1" + path);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
