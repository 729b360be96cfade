package dev.nearside.model.wire.feed;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// POST /edge/v1/enrol.
///
/// @param token an enrolment token, good for one edge
/// @param version of the edge's software
/// @param labels to choose the edge by; none if absent
public record Enrolment(
        @Nullable String token,
        @Nullable String name,
        @Nullable String version,
        @Nullable Map<String, String> labels) {
    /// Never shows the token, wherever it is printed.
    @Override
    public String toString() {
        return "Enrolment[" + name + "]";
    }
}
