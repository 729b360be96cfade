package dev.nearside.model.snapshot;

/// The number of a snapshot, counting up from 1.
public record SnapshotVersion(long number) implements Comparable<SnapshotVersion> {
    public SnapshotVersion {
        if (number < 1) throw new IllegalArgumentException("snapshot version: " + number + " (expected: 1 or more)");
    }

    @Override
    public int compareTo(SnapshotVersion other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
