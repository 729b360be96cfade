package dev.nearside.edge.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The header fields of one message, in the order they came, names compared without case (RFC 9110, section 5.1).
public record Headers(List<Field> fields) {

    public static final Headers EMPTY = new Headers(List.of());

    /// One field line.
    public record Field(String name, String value) {
        public boolean is(String other) {
            return name.equalsIgnoreCase(other);
        }
    }

    public Headers {
        fields = List.copyOf(fields);
    }

    /// Fields from alternating names and values.
    public static Headers of(String... namesAndValues) {
        var fields = new ArrayList<Field>(namesAndValues.length / 2);
        for (int i = 0; i + 1 < namesAndValues.length; i += 2) {
            fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new Headers(fields);
    }

    public boolean has(String name) {
        for (var field : fields) if (field.is(name)) return true;
        return false;
    }

    /// The value of the first line of that name.
    public Optional<String> first(String name) {
        for (var field : fields) if (field.is(name)) return Optional.of(field.value());
        return Optional.empty();
    }

    /// The values of all lines of that name, in order.
    public List<String> all(String name) {
        var values = new ArrayList<String>(1);
        for (var field : fields) if (field.is(name)) values.add(field.value());
        return values;
    }

    /// All lines of that name as one list value (RFC 9110, section 5.3).
    public Optional<String> joined(String name) {
        var values = all(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
    }

    /// These fields with exactly one line of that name, at the place of the first such line or at the end.
    public Headers with(String name, String value) {
        var changed = new ArrayList<Field>(fields.size() + 1);
        boolean placed = false;
        for (var field : fields) {
            if (!field.is(name)) {
                changed.add(field);
            } else if (!placed) {
                changed.add(new Field(field.name(), value));
                placed = true;
            }
        }
        if (!placed) changed.add(new Field(name, value));
        return new Headers(changed);
    }

    /// These fields and one more line.
    public Headers plus(String name, String value) {
        var changed = new ArrayList<Field>(fields.size() + 1);
        changed.addAll(fields);
        changed.add(new Field(name, value));
        return new Headers(changed);
    }

    public Headers without(String name) {
        return has(name) ? filter(field -> !field.is(name)) : this;
    }

    /// These fields without any of the names, which are given in lower case.
    public Headers withoutAny(Set<String> lowerCaseNames) {
        return filter(field -> !lowerCaseNames.contains(field.name().toLowerCase(Locale.ROOT)));
    }

    public Headers filter(Predicate<Field> kept) {
        var left = new ArrayList<Field>(fields.size());
        for (var field : fields) if (kept.test(field)) left.add(field);
        return left.size() == fields.size() ? this : new Headers(left);
    }
}
