package dev.nearside.model.behavior;

import java.util.Set;

/// The three legal sets of methods (CF§1.5).
public enum AllowedMethods {
    GET_HEAD,
    GET_HEAD_OPTIONS,
    ALL;

    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final Set<String> ASKING = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> EVERYTHING = Set.of("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE");

    public boolean allows(String method) {
        return names().contains(method);
    }

    public Set<String> names() {
        return switch (this) {
            case GET_HEAD -> READING;
            case GET_HEAD_OPTIONS -> ASKING;
            case ALL -> EVERYTHING;
        };
    }
}
