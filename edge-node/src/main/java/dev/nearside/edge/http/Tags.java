package dev.nearside.edge.http;

import dev.nearside.model.invalidation.InvalidationPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The tags that an origin gave a response, by which it can be invalidated (CF§11.2).
///
/// @param names in lower case, each once, as they came
public record Tags(List<String> names) {

    public static final Tags NONE = new Tags(List.of());

    /// Tags of one object; the rest is ignored.
    public static final int MOST = 50;

    public Tags {
        names = List.copyOf(names);
    }

    /// The tags in a response: comma-separated, with blanks around them. What is no tag is ignored.
    ///
    /// @param field that names them; empty if tags are ignored
    public static Tags in(Headers response, Optional<String> field) {
        if (field.isEmpty() || !response.has(field.get())) return NONE;
        var names = new ArrayList<String>();
        for (var line : response.fields()) {
            if (line.is(field.get())) gather(line.value(), names);
        }
        return names.isEmpty() ? NONE : new Tags(names);
    }

    private static void gather(String value, List<String> names) {
        for (int from = 0; from <= value.length() && names.size() < MOST; ) {
            int comma = value.indexOf(',', from);
            int end = comma < 0 ? value.length() : comma;
            var tag = value.substring(from, end).strip();
            if (InvalidationPath.isTag(tag, 0, tag.length())) {
                var name = tag.toLowerCase(Locale.ROOT);
                if (!names.contains(name)) names.add(name);
            }
            from = end + 1;
        }
    }
}
