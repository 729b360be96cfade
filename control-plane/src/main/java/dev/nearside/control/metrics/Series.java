package dev.nearside.control.metrics;

/// Where something was counted: one distribution on one edge.
public record Series(String edgeId, String distributionId) {}
