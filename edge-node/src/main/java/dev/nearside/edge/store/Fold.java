package dev.nearside.edge.store;

import java.util.Map;

/// Rules that have done their work: nothing is stored any more that they reach.
///
/// @param upTo of each epoch the last position of them
/// @param changes the last of the node's own changes among them
record Fold(Map<String, Long> upTo, long changes) {

    static final Fold NOTHING = new Fold(Map.of(), 0);

    Fold {
        upTo = Map.copyOf(upTo);
    }

    long upTo(String epoch) {
        return upTo.getOrDefault(epoch, 0L);
    }
}
