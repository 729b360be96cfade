package dev.nearside.model.wire;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Documents with every property set, whatever properties there are.
final class Everything {
    private int made;

    /// A record in which no component is absent and no two texts or numbers are the same.
    <T extends Record> T of(Class<T> type) {
        try {
            var components = type.getRecordComponents();
            Constructor<T> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(Arrays.stream(components)
                    .map(component -> value(component.getGenericType()))
                    .toArray());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.getName(), e);
        }
    }

    private Object value(Type type) {
        made++;
        if (type instanceof ParameterizedType list) return List.of(value(list.getActualTypeArguments()[0]));
        if (type == String.class) return "text" + made;
        if (type == Boolean.class) return true;
        if (type == Integer.class) return made;
        if (type == Long.class) return (long) made;
        if (type == Double.class) return made + 0.5;
        return of(((Class<?>) type).asSubclass(Record.class));
    }

    /// A record and all records below it.
    static Set<Class<? extends Record>> types(Class<? extends Record> type) {
        var found = new LinkedHashSet<Class<? extends Record>>();
        gather(type, found);
        return found;
    }

    private static void gather(Type type, Set<Class<? extends Record>> found) {
        if (type instanceof ParameterizedType list) gather(list.getActualTypeArguments()[0], found);
        if (type instanceof Class<?> plain && plain.isRecord() && found.add(plain.asSubclass(Record.class))) {
            for (var component : plain.getRecordComponents()) gather(component.getGenericType(), found);
        }
    }
}
