package dev.nearside.model.origin;

/// Names an origin within its distribution.
public record OriginId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
