package dev.nearside.control.metrics;

import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What the control plane knows of itself, for whoever scrapes it (OpenMetrics 1.0).
public final class ExpositionResource {
    private final List<Supplier<String>> families;

    /// @param families each gives some metric families, with a line end behind each line
    public ExpositionResource(List<Supplier<String>> families) {
        this.families = List.copyOf(families);
    }

    public List<Route> routes() {
        return List.of(Route.get("/metrics", new AtLeast(Role.VIEWER), _ -> expose()));
    }

    private Answer expose() {
        var text = families.stream().map(Supplier::get).collect(Collectors.joining());
        return new Answer.Text(200, "application/openmetrics-text; version=1.0.0; charset=utf-8", text + "# EOF\n");
    }
}
