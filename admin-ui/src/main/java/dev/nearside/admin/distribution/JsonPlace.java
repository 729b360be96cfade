package dev.nearside.admin.distribution;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Optional;

/// Where in a JSON text a path of a problem leads.
final class JsonPlace {

    private JsonPlace() {}

    /// The line, from 1, of the value at a path like `origins[0].domainName`; of the value around it if the text has
    /// none there. Empty if the text is no JSON.
    static Optional<Long> line(String json, String path) {
        var best = Optional.<Long>empty();
        int length = -1;
        try (var parser = Json.createParser(new StringReader(json))) {
            var places = new ArrayDeque<Place>();
            var key = "";
            while (parser.hasNext()) {
                var event = parser.next();
                if (event == JsonParser.Event.KEY_NAME) {
                    key = parser.getString();
                    continue;
                }
                if (event == JsonParser.Event.END_OBJECT || event == JsonParser.Event.END_ARRAY) {
                    places.pop();
                    continue;
                }
                var here = places.isEmpty() ? "" : places.peek().next(key);
                if (leadsThrough(path, here) && here.length() > length) {
                    best = Optional.of(parser.getLocation().getLineNumber());
                    length = here.length();
                }
                if (event == JsonParser.Event.START_OBJECT) places.push(new Place(here, false));
                if (event == JsonParser.Event.START_ARRAY) places.push(new Place(here, true));
            }
            return best;
        } catch (JsonException _) {
            return Optional.empty();
        }
    }

    private static boolean leadsThrough(String path, String here) {
        return path.equals(here) || here.isEmpty() || path.startsWith(here + ".") || path.startsWith(here + "[");
    }

    /// An object or a list that is being read.
    private static final class Place {
        private final String path;
        private final boolean isList;
        private int elements;

        Place(String path, boolean isList) {
            this.path = path;
            this.isList = isList;
        }

        String next(String key) {
            if (isList) return path + "[" + elements++ + "]";
            return path.isEmpty() ? key : path + "." + key;
        }
    }
}
