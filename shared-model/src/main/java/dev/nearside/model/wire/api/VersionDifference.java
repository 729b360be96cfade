package dev.nearside.model.wire.api;

import java.util.List;

/// GET …/versions/{from}/diff/{to}.
public record VersionDifference(long from, long to, List<Difference> differences) {}
