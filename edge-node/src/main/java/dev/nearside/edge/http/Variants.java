package dev.nearside.edge.http;

import java.util.List;

/// Says that responses to a key differ by request headers (`Vary`): the response lies under a variant of the key.
///
/// @param on names of the selecting request headers, lower case, sorted
public record Variants(List<String> on, LogPosition position) implements Stored {
    public Variants {
        on = List.copyOf(on);
    }

    /// The responses have tags; what leads to them goes by its path alone.
    @Override
    public Tags tags() {
        return Tags.NONE;
    }
}
