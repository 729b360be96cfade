package dev.nearside.edge.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A validator of one representation (RFC 9110, section 8.8.3).
///
/// @param opaque with its quotes; an origin's unquoted tag is taken as it is, and equals only itself
public record EntityTag(boolean weak, String opaque) {

    /// Empty only for an empty text.
    public static Optional<EntityTag> parse(String text) {
        var tag = text.strip();
        if (tag.isEmpty()) return Optional.empty();
        return Optional.of(tag.startsWith("W/") ? new EntityTag(true, tag.substring(2)) : new EntityTag(false, tag));
    }

    /// The tags of `If-None-Match`; commas inside quotes separate nothing.
    static List<EntityTag> list(String text) {
        var tags = new ArrayList<EntityTag>();
        int start = 0;
        boolean quoted = false;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || (text.charAt(i) == ',' && !quoted)) {
                parse(text.substring(start, i)).ifPresent(tags::add);
                start = i + 1;
            } else if (text.charAt(i) == '"') {
                quoted = !quoted;
            }
        }
        return tags;
    }

    public boolean weaklyEquals(EntityTag other) {
        return opaque.equals(other.opaque);
    }

    public boolean stronglyEquals(EntityTag other) {
        return !weak && !other.weak && opaque.equals(other.opaque);
    }

    @Override
    public String toString() {
        return weak ? "W/" + opaque : opaque;
    }
}
