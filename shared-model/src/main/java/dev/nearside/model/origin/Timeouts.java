package dev.nearside.model.origin;

import java.time.Duration;
import java.util.Optional;

/// How patiently an origin is asked (CF§1.3).
///
/// @param attempts tries to connect, 1 to 3; for GET and HEAD also tries after a read timeout
/// @param connect for each try, 1 to 10 seconds
/// @param read for the first byte and for every gap, 1 to 120 seconds
/// @param keepAlive how long an idle connection is kept, 1 to 300 seconds
/// @param completion for the whole answer with all attempts, at least `read`; empty for no limit
public record Timeouts(
        int attempts, Duration connect, Duration read, Duration keepAlive, Optional<Duration> completion) {
    public static final Timeouts DEFAULT =
            new Timeouts(3, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(5), Optional.empty());
}
