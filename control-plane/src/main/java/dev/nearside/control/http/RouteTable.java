package dev.nearside.control.http;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// All routes of the API, in one list that the server and the test of the API's description both read.
public record RouteTable(List<Route> routes) {

    public RouteTable {
        routes = List.copyOf(routes);
    }

    /// What the table knows about a request line.
    sealed interface Meeting {

        record Met(Route route, Map<String, String> parameters) implements Meeting {}

        /// The path is there, for other methods.
        ///
        /// @param allowed the methods that this path has, as in the `Allow` header
        record OtherMethod(String allowed) implements Meeting {}

        record Nowhere() implements Meeting {}
    }

    Meeting meet(String method, String path) {
        var segments = Route.segments(path);
        for (var route : routes) {
            if (!route.method().equals(method)) continue;
            var parameters = route.match(segments);
            if (parameters.isPresent()) return new Meeting.Met(route, parameters.get());
        }
        var allowed = routes.stream()
                .filter(route -> route.match(segments).isPresent())
                .map(Route::method)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return allowed.isEmpty() ? new Meeting.Nowhere() : new Meeting.OtherMethod(allowed);
    }
}
