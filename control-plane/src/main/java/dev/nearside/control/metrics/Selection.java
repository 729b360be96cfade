package dev.nearside.control.metrics;

import java.util.Optional;

/// Which series somebody asks about; all of them where nothing is said.
public record Selection(Optional<String> edgeId, Optional<String> distributionId) {

    boolean has(Series series) {
        return edgeId.map(series.edgeId()::equals).orElse(true)
                && distributionId.map(series.distributionId()::equals).orElse(true);
    }
}
