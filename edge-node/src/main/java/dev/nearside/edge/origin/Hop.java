package dev.nearside.edge.origin;

/// This node, as the next one along the way is told of it.
///
/// @param name goes into `Via`
public record Hop(String name) {

    /// As an entry of `Via` (RFC 9110, section 7.6.3).
    public String via(String receivedVersion) {
        return receivedVersion + " " + name + " (nearside)";
    }
}
