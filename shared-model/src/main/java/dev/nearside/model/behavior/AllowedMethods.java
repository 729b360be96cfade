package dev.nearside.model.behavior;

import java.util.Set;

/// The three legal sets of methods (CF§1.5), and one of our own for origins with methods that CloudFront does not know.
public enum AllowedMethods {
    GET_HEAD,
    GET_HEAD_OPTIONS,
    ALL,
    /// Written `*`: methods that nobody here knows are passed on like `POST`.
    ANY;

    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final Set<String> ASKING = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> EVERYTHING = Set.of("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE");
    private static final Set<String> UNSAFE_TO_PASS = Set.of("CONNECT", "TRACE");
    private static final Set<String> STAR = Set.of("*");

    /// Never one that is not for origins: `CONNECT` asks for a tunnel, and `TRACE` shows a script what it must not see.
    public boolean allows(String method) {
        return this == ANY ? !UNSAFE_TO_PASS.contains(method) : names().contains(method);
    }

    public Set<String> names() {
        return switch (this) {
            case GET_HEAD -> READING;
            case GET_HEAD_OPTIONS -> ASKING;
            case ALL -> EVERYTHING;
            case ANY -> STAR;
        };
    }
}
