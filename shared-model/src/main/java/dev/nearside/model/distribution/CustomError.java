package dev.nearside.model.distribution;

import java.time.Duration;
import java.util.Optional;

/// What viewers get in place of an error, and how long the error itself is kept (CF§1.7, §3.4).
///
/// @param status of the error
/// @param page empty if only the time is set
/// @param minTtl how long an error lives whose lifetime the origin left open
public record CustomError(int status, Optional<Page> page, Duration minTtl) {

    /// How long errors live where nothing else is said.
    public static final Duration DEFAULT_MIN_TTL = Duration.ofSeconds(10);

    /// A page that is fetched through the behavior that matches its path.
    ///
    /// @param path begins with a slash
    /// @param status that the viewer gets
    public record Page(String path, int status) {}
}
