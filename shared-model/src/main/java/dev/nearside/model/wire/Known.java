package dev.nearside.model.wire;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

/// What of a JSON tree the components of a record have names for; the rest is what another release says besides.
final class Known {

    private Known() {}

    static JsonValue in(JsonValue value, Type type) {
        return switch (type) {
            case ParameterizedType list
            when list.getRawType() == List.class && value instanceof JsonArray array ->
                elements(array, list.getActualTypeArguments()[0]);
            case ParameterizedType map
            when map.getRawType() == Map.class && value instanceof JsonObject object ->
                values(object, map.getActualTypeArguments()[1]);
            case Class<?> plain
            when plain.isRecord() && value instanceof JsonObject object -> components(object, plain);
            default -> value;
        };
    }

    private static JsonArray elements(JsonArray array, Type type) {
        var known = Json.createArrayBuilder();
        array.forEach(element -> known.add(in(element, type)));
        return known.build();
    }

    private static JsonObject values(JsonObject object, Type type) {
        var known = Json.createObjectBuilder();
        object.forEach((name, value) -> known.add(name, in(value, type)));
        return known.build();
    }

    private static JsonObject components(JsonObject object, Class<?> type) {
        var known = Json.createObjectBuilder();
        for (var component : type.getRecordComponents()) {
            var value = object.get(component.getName());
            if (value != null) known.add(component.getName(), in(value, component.getGenericType()));
        }
        return known.build();
    }
}
