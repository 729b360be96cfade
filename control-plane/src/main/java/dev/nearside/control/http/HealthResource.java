package dev.nearside.control.http;

import dev.nearside.control.http.Requirement.Anyone;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Tells whoever supervises the process how it is.
public final class HealthResource {
    private final BooleanSupplier isReady;

    public HealthResource(BooleanSupplier isReady) {
        this.isReady = isReady;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/health/live", new Anyone(), _ -> new Answer.Text(200, "text/plain", "live\n")),
                Route.get("/health/ready", new Anyone(), _ -> ready()));
    }

    private Answer ready() {
        return isReady.getAsBoolean()
                ? new Answer.Text(200, "text/plain", "ready\n")
                : new Answer.Text(503, "text/plain", "the database does not answer\n");
    }
}
