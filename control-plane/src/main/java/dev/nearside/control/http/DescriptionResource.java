package dev.nearside.control.http;

import dev.nearside.control.http.Requirement.Anyone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The API's own description, as OpenAPI.
public final class DescriptionResource {

    public List<Route> routes() {
        return List.of(Route.get(
                "/api/v1/openapi.json", new Anyone(), _ -> new Answer.Text(200, "application/json", description())));
    }

    /// The document as it is shipped.
    public static String description() {
        try (var in = DescriptionResource.class.getResourceAsStream("openapi.json")) {
            if (in == null) throw new IllegalStateException("openapi.json is missing from the jar");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
