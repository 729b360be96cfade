package dev.nearside.control.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One operation of the API: where it is, who may call it, and what answers.
///
/// @param path segments between slashes; `{name}` stands for any one segment
/// @param largestBody in bytes; what is larger is refused before it is read
/// @param parameters which query parameters a change may have, besides `comment`; a search takes any
public record Route(
        String method,
        String path,
        Requirement requirement,
        Body body,
        int largestBody,
        Set<String> parameters,
        Handler handler) {

    /// More than the largest document by itself, and little enough for many at a time.
    private static final int USUAL_BODY = 1 << 20;

    public Route {
        parameters = Set.copyOf(parameters);
    }

    private Route(String method, String path, Requirement requirement, Body body, Handler handler) {
        this(method, path, requirement, body, USUAL_BODY, Set.of(), handler);
    }

    /// Whether an operation reads a JSON document.
    public enum Body {
        NONE,
        OPTIONAL,
        REQUIRED
    }

    /// The work behind a route; it may block.
    @FunctionalInterface
    public interface Handler {
        Answer answer(Call call) throws InterruptedException;
    }

    public static Route get(String path, Requirement requirement, Handler handler) {
        return new Route("GET", path, requirement, Body.NONE, handler);
    }

    public static Route post(String path, Requirement requirement, Body body, Handler handler) {
        return new Route("POST", path, requirement, body, handler);
    }

    public static Route put(String path, Requirement requirement, Handler handler) {
        return new Route("PUT", path, requirement, Body.REQUIRED, handler);
    }

    public static Route delete(String path, Requirement requirement, Handler handler) {
        return new Route("DELETE", path, requirement, Body.NONE, handler);
    }

    /// The same for bodies of another size.
    public Route upTo(int bytes) {
        return new Route(method, path, requirement, body, bytes, parameters, handler);
    }

    /// The same with query parameters.
    public Route with(String... names) {
        return new Route(method, path, requirement, body, largestBody, Set.of(names), handler);
    }

    /// Whether it may change something.
    boolean isChange() {
        return !method.equals("GET");
    }

    /// The values of the `{name}` segments, if the given segments meet this route's path.
    Optional<Map<String, String>> match(List<String> segments) {
        var template = segments(path);
        if (template.size() != segments.size()) return Optional.empty();
        var parameters = new HashMap<String, String>();
        for (int i = 0; i < template.size(); i++) {
            var expected = template.get(i);
            var actual = segments.get(i);
            if (expected.startsWith("{")) {
                if (actual.isEmpty()) return Optional.empty();
                parameters.put(expected.substring(1, expected.length() - 1), actual);
            } else if (!expected.equals(actual)) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }

    static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }
}
