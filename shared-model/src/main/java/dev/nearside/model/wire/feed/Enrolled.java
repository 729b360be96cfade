package dev.nearside.model.wire.feed;

/// The answer to an enrolment.
///
/// @param credential the edge's own bearer token from now on
public record Enrolled(String edgeId, String name, String credential) {
    /// Never shows the credential, wherever it is printed.
    @Override
    public String toString() {
        return "Enrolled[" + edgeId + ", " + name + "]";
    }
}
