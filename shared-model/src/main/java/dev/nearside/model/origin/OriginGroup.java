package dev.nearside.model.origin;

import java.util.Set;

/// Two origins, the second of which is asked where the first one fails (CF§1.4).
///
/// @param statuses of the primary that make the edge ask the secondary: of 400, 403, 404, 416, 429, 500, 502, 503 and
///     504; 503 stands for a failed connection as well, and 504 for a timeout
public record OriginGroup(OriginId id, OriginId primary, OriginId secondary, Set<Integer> statuses) {
    public OriginGroup {
        statuses = Set.copyOf(statuses);
    }
}
