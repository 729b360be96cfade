package dev.nearside.control.configuration;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What has to change in one JSON document to make it another; a function of its arguments.
///
/// Elements of a list are the same element if they have the same identity (`id`, `pathPattern` and so on), wherever
/// they stand. Plain values are a set: their order means nothing. Where order does mean something, as among
/// behaviors, elements that changed places are told too.
public final class Difference {

    /// By what elements of lists are known, in the order of preference.
    private static final List<String> IDENTITIES =
            List.of("id", "pathPattern", "name", "header", "errorCode", "originId");

    /// Identities of elements whose order says what is tried first.
    private static final List<String> ORDERED = List.of("pathPattern", "originId");

    private static final int LONGEST_IDENTITY = 80;

    private final List<Change> changes = new ArrayList<>();

    private Difference() {}

    /// How a place changed.
    public enum Way {
        ADDED("added"),
        REMOVED("removed"),
        CHANGED("changed"),
        MOVED("moved");

        private final String word;

        Way(String word) {
            this.word = word;
        }

        /// The word of the API.
        public String word() {
            return word;
        }
    }

    /// One place that changed.
    ///
    /// @param path as `origins[site].httpPort`, elements of lists by their identity, else by index; empty for the
    ///     document itself
    /// @param before what was there; empty if added; the index of what moved
    /// @param after what is there now; empty if removed; the index of what moved
    public record Change(String path, Way way, Optional<JsonValue> before, Optional<JsonValue> after) {}

    /// The changes that lead from one document to another, in the order of their places; none if both say the same.
    public static List<Change> between(JsonValue before, JsonValue after) {
        var difference = new Difference();
        difference.compare("", before, after);
        return List.copyOf(difference.changes);
    }

    /// The same for two documents as they are stored.
    public static List<Change> between(String before, String after) {
        return before.equals(after) ? List.of() : between(tree(before), tree(after));
    }

    /// The change that makes a document out of nothing.
    static Change whole(String document) {
        return new Change("", Way.ADDED, Optional.empty(), Optional.of(tree(document)));
    }

    /// The change that leaves nothing of a document.
    static Change nothingOf(String document) {
        return new Change("", Way.REMOVED, Optional.of(tree(document)), Optional.empty());
    }

    /// A document that is known to be JSON.
    static JsonValue tree(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            return reader.readValue();
        }
    }

    /// A text as JSON writes it.
    static String quoted(String text) {
        return Json.createValue(text).toString();
    }

    private void compare(String path, JsonValue before, JsonValue after) {
        if (before.equals(after)) return;
        if (before instanceof JsonObject was && after instanceof JsonObject is) {
            objects(path, was, is);
        } else if (before instanceof JsonArray was && after instanceof JsonArray is) {
            lists(path, was, is);
        } else {
            add(path, Way.CHANGED, before, after);
        }
    }

    private void objects(String path, JsonObject before, JsonObject after) {
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (var name : names) {
            member(path.isEmpty() ? name : path + "." + name, before.get(name), after.get(name));
        }
    }

    private void member(String path, @Nullable JsonValue before, @Nullable JsonValue after) {
        if (before == null && after != null) {
            changes.add(new Change(path, Way.ADDED, Optional.empty(), Optional.of(after)));
        } else if (before != null && after == null) {
            changes.add(new Change(path, Way.REMOVED, Optional.of(before), Optional.empty()));
        } else if (before != null && after != null) {
            compare(path, before, after);
        }
    }

    private void lists(String path, JsonArray before, JsonArray after) {
        for (var identity : IDENTITIES) {
            var was = byProperty(before, identity);
            var is = byProperty(after, identity);
            if (was.isPresent() && is.isPresent()) {
                elements(path, was.get(), is.get());
                if (ORDERED.contains(identity)) moves(path, was.get(), is.get());
                return;
            }
        }
        var was = asSet(before);
        var is = asSet(after);
        if (was.isPresent() && is.isPresent()) {
            elements(path, was.get(), is.get());
        } else {
            elements(path, byIndex(before), byIndex(after));
        }
    }

    /// The elements of a list by their identity, in its order; empty if one has none or shares it.
    private static Optional<Map<String, JsonValue>> byProperty(JsonArray list, String property) {
        var elements = new LinkedHashMap<String, JsonValue>();
        for (var element : list) {
            if (!(element instanceof JsonObject object)) return Optional.empty();
            var identity = plain(object.getOrDefault(property, JsonValue.NULL));
            if (identity.isEmpty() || elements.putIfAbsent(identity.get(), element) != null) return Optional.empty();
        }
        return Optional.of(elements);
    }

    /// Plain values by themselves; empty if one is not plain, or there twice.
    private static Optional<Map<String, JsonValue>> asSet(JsonArray list) {
        var elements = new LinkedHashMap<String, JsonValue>();
        for (var element : list) {
            var identity = plain(element);
            if (identity.isEmpty() || elements.putIfAbsent(identity.get(), element) != null) return Optional.empty();
        }
        return Optional.of(elements);
    }

    private static Map<String, JsonValue> byIndex(JsonArray list) {
        var elements = new LinkedHashMap<String, JsonValue>();
        for (int i = 0; i < list.size(); i++) elements.put(String.valueOf(i), list.get(i));
        return elements;
    }

    private static Optional<String> plain(JsonValue value) {
        return switch (value) {
            case JsonString text when text.getString().length() <= LONGEST_IDENTITY -> Optional.of(text.getString());
            case JsonNumber number -> Optional.of(number.toString());
            default -> Optional.empty();
        };
    }

    private void elements(String path, Map<String, JsonValue> before, Map<String, JsonValue> after) {
        before.forEach((identity, was) -> member(at(path, identity), was, after.get(identity)));
        after.forEach((identity, is) -> {
            if (!before.containsKey(identity)) member(at(path, identity), null, is);
        });
    }

    private static String at(String path, String identity) {
        return path + "[" + identity + "]";
    }

    /// The fewest elements whose move explains the new order of those that both lists have.
    private void moves(String path, Map<String, JsonValue> before, Map<String, JsonValue> after) {
        var was = List.copyOf(before.keySet());
        var is = List.copyOf(after.keySet());
        var common = was.stream().filter(after::containsKey).toList();
        var stayed = longestInOrder(common, is);
        for (var identity : common) {
            if (stayed.contains(identity)) continue;
            add(
                    at(path, identity),
                    Way.MOVED,
                    Json.createValue(was.indexOf(identity)),
                    Json.createValue(is.indexOf(identity)));
        }
    }

    /// The longest sequence that both orders have; of several the first by its words, so that the way back tells
    /// of the same moves.
    private static List<String> longestInOrder(List<String> one, List<String> other) {
        var places = one.stream().mapToInt(other::indexOf).toArray();
        var longestFrom = new ArrayList<List<String>>();
        for (int i = one.size() - 1; i >= 0; i--) {
            List<String> best = List.of();
            for (int j = i + 1; j < one.size(); j++) {
                var tail = longestFrom.get(one.size() - 1 - j);
                if (places[j] > places[i] && BETTER.compare(tail, best) > 0) best = tail;
            }
            var mine = new ArrayList<String>();
            mine.add(one.get(i));
            mine.addAll(best);
            longestFrom.add(mine);
        }
        return longestFrom.stream().max(BETTER).orElse(List.of());
    }

    private static final Comparator<List<String>> BETTER = Comparator.<List<String>>comparingInt(List::size)
            .thenComparing((one, other) -> {
                for (int i = 0; i < one.size(); i++) {
                    int order = other.get(i).compareTo(one.get(i));
                    if (order != 0) return order;
                }
                return 0;
            });

    private void add(String path, Way way, JsonValue before, JsonValue after) {
        changes.add(new Change(path, way, Optional.of(before), Optional.of(after)));
    }
}
