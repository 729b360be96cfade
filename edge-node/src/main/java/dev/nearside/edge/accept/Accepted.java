package dev.nearside.edge.accept;

/// What became of a request at the door.
public sealed interface Accepted {

    record Arrived(Arrival arrival) implements Accepted {}

    /// Answered with this status and a closed connection: what follows on it cannot be trusted.
    record Rejected(Arrival arrival, int status, Why why) implements Accepted {}

    /// Written to the access log as is; operators grep for these words.
    enum Why {
        HOST_MISSING,
        HOST_REPEATED,
        HOST_MALFORMED,
        HOST_CONTRADICTS_TARGET,
        TARGET_MALFORMED,
        FIELD_MALFORMED,
        TRANSFER_CODING_UNKNOWN
    }
}
