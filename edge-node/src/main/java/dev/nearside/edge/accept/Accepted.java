package dev.nearside.edge.accept;

/// What became of a request at the door.
public sealed interface Accepted {

    record Arrived(Arrival arrival) implements Accepted {}

    /// Answered with an error and a closed connection: what follows on it cannot be trusted.
    record Rejected(Arrival arrival, Why why) implements Accepted {}

    /// Written to the access log as is; operators grep for these words.
    enum Why {
        FRAMING_MALFORMED(400),
        URL_TOO_LONG(414),
        HEAD_TOO_LARGE(431),
        HOST_MISSING(400),
        HOST_REPEATED(400),
        HOST_MALFORMED(400),
        HOST_CONTRADICTS_TARGET(400),
        HOST_NOT_COVERED(421),
        TARGET_MALFORMED(400),
        FIELD_MALFORMED(400),
        TRANSFER_CODING_UNKNOWN(400),
        EXPECTATION_UNKNOWN(417);

        private final int status;

        Why(int status) {
            this.status = status;
        }

        /// What the viewer is told.
        public int status() {
            return status;
        }
    }
}
