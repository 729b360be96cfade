package dev.nearside.model.wire;

import dev.nearside.model.check.Problem;
import dev.nearside.model.check.Problems;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Holds a JSON tree against the components of a record: names that are known, values of the right type.
final class Shape {

    private Shape() {}

    static List<Problem> check(JsonValue tree, Class<? extends Record> type) {
        var problems = Problems.none();
        checkValue(tree, type, problems);
        return problems.list();
    }

    /// Whether a component of a record, or of one below it, takes any JSON value.
    static boolean holdsAnyValue(Type type) {
        if (type == JsonValue.class) return true;
        if (type instanceof ParameterizedType generic) {
            return Arrays.stream(generic.getActualTypeArguments()).anyMatch(Shape::holdsAnyValue);
        }
        return type instanceof Class<?> plain
                && plain.isRecord()
                && Arrays.stream(plain.getRecordComponents())
                        .anyMatch(component -> holdsAnyValue(component.getGenericType()));
    }

    private static void checkValue(JsonValue value, Type type, Problems at) {
        if (value.getValueType() == JsonValue.ValueType.NULL) return;
        if (type instanceof ParameterizedType generic) {
            checkGeneric(value, generic, at);
        } else if (type == JsonValue.class) {
            return; // any value fits
        } else if (type instanceof Class<?> plain && plain.isRecord()) {
            checkRecord(value, plain, at);
        } else {
            checkScalar(value, type, at);
        }
    }

    private static void checkGeneric(JsonValue value, ParameterizedType type, Problems at) {
        if (type.getRawType() == List.class) {
            if (!(value instanceof JsonArray array)) {
                at.add(said(value) + " (expected: a list)");
                return;
            }
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i).getValueType() == JsonValue.ValueType.NULL) {
                    at.at(i).add("null (expected: a value)");
                } else {
                    checkValue(array.get(i), type.getActualTypeArguments()[0], at.at(i));
                }
            }
        } else if (type.getRawType() == Map.class) {
            if (!(value instanceof JsonObject object)) {
                at.add(said(value) + " (expected: an object)");
                return;
            }
            object.forEach((name, element) -> checkValue(element, type.getActualTypeArguments()[1], at.at(name)));
        } else {
            throw new IllegalArgumentException("no document has a component of type " + type);
        }
    }

    private static void checkRecord(JsonValue value, Class<?> type, Problems at) {
        if (!(value instanceof JsonObject object)) {
            at.add(said(value) + " (expected: an object)");
            return;
        }
        var components = new LinkedHashMap<String, RecordComponent>();
        for (var component : type.getRecordComponents()) components.put(component.getName(), component);
        object.forEach((name, element) -> {
            var component = components.get(name);
            if (component == null) {
                at.at(name).add("unknown property (expected: one of " + names(type) + ")");
            } else {
                checkValue(element, component.getGenericType(), at.at(name));
            }
        });
        for (var component : components.values()) {
            if (component.getType().isPrimitive() && isMissing(object, component.getName())) {
                at.at(component.getName()).add("missing (expected: " + expected(component.getType()) + ")");
            }
        }
    }

    private static boolean isMissing(JsonObject object, String name) {
        return !object.containsKey(name) || object.isNull(name);
    }

    private static void checkScalar(JsonValue value, Type type, Problems at) {
        boolean fits = switch (type.getTypeName()) {
            case "java.lang.String" -> value instanceof JsonString;
            case "boolean", "java.lang.Boolean" -> value.equals(JsonValue.TRUE) || value.equals(JsonValue.FALSE);
            case "int", "java.lang.Integer" -> value instanceof JsonNumber number && isWithin(number, 31);
            case "long", "java.lang.Long" -> value instanceof JsonNumber number && isWithin(number, 63);
            case "double", "java.lang.Double" -> value instanceof JsonNumber;
            case "java.time.Instant" -> value instanceof JsonString text && isInstant(text.getString());
            default -> throw new IllegalArgumentException("no document has a component of type " + type);
        };
        if (!fits) at.add(said(value) + " (expected: " + expected(type) + ")");
    }

    private static boolean isWithin(JsonNumber number, int bits) {
        var exact = number.bigDecimalValue();
        // The magnitude first: an exponent like 1e999999999 must not be written out.
        if (exact.precision() - exact.scale() > 20) return false;
        return exact.stripTrailingZeros().scale() <= 0 && exact.toBigInteger().bitLength() <= bits;
    }

    private static boolean isInstant(String text) {
        try {
            Instant.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static String expected(Type type) {
        return switch (type.getTypeName()) {
            case "java.lang.String" -> "a text";
            case "boolean", "java.lang.Boolean" -> "true or false";
            case "int", "java.lang.Integer", "long", "java.lang.Long" -> "a whole number";
            case "double", "java.lang.Double" -> "a number";
            case "java.time.Instant" -> "a time like 2026-01-31T12:00:00Z";
            default -> "a value";
        };
    }

    /// The value as it was said, shortened.
    private static String said(JsonValue value) {
        return switch (value.getValueType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING, NUMBER, TRUE, FALSE, NULL -> {
                var text = value.toString();
                yield text.length() > 80 ? text.substring(0, 80) + "…" : text;
            }
        };
    }

    private static String names(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.joining(", "));
    }
}
