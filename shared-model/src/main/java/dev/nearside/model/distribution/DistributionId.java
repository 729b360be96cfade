package dev.nearside.model.distribution;

/// Identifies a distribution for as long as it exists.
public record DistributionId(String value) {
    public DistributionId {
        if (value.isBlank()) throw new IllegalArgumentException("distribution id: blank (expected: an id)");
    }

    @Override
    public String toString() {
        return value;
    }
}
