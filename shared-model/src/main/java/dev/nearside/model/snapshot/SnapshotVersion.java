package dev.nearside.model.snapshot;

/// The number of a snapshot, counting up from 1.
public record SnapshotVersion(long number) {
    public SnapshotVersion {
        if (number < 1) throw new IllegalArgumentException("snapshot version: " + number + " (expected: 1 or more)");
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
