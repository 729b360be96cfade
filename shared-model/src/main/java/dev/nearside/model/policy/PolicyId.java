package dev.nearside.model.policy;

/// Identifies a policy of one kind for as long as it exists.
public record PolicyId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
