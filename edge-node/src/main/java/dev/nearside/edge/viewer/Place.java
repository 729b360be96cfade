package dev.nearside.edge.viewer;

import dev.nearside.edge.route.Fact;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where an address is, as values of headers: those that are known, non-ASCII characters percent-encoded (CF§7).
record Place(Map<Fact, String> told) {

    static final Place UNKNOWN = new Place(Map.of());

    /// From a record of a City or Country database.
    static Place of(Map<?, ?> found) {
        var told = new EnumMap<Fact, String>(Fact.class);
        put(told, Fact.COUNTRY, found, "country", "iso_code");
        put(told, Fact.COUNTRY_NAME, found, "country", "names", "en");
        if (found.get("subdivisions") instanceof List<?> regions && !regions.isEmpty()) {
            put(told, Fact.REGION, regions.getFirst(), "iso_code");
            put(told, Fact.REGION_NAME, regions.getFirst(), "names", "en");
        }
        put(told, Fact.CITY, found, "city", "names", "en");
        put(told, Fact.LATITUDE, found, "location", "latitude");
        put(told, Fact.LONGITUDE, found, "location", "longitude");
        put(told, Fact.METRO_CODE, found, "location", "metro_code");
        put(told, Fact.POSTAL_CODE, found, "postal", "code");
        put(told, Fact.TIME_ZONE, found, "location", "time_zone");
        return new Place(told);
    }

    /// Of a record of an ASN database.
    static Optional<String> network(Map<?, ?> found) {
        return at(found, "autonomous_system_number").map(Place::written);
    }

    Optional<String> told(Fact fact) {
        return Optional.ofNullable(told.get(fact));
    }

    private static void put(Map<Fact, String> told, Fact fact, @Nullable Object found, String... path) {
        at(found, path).map(Place::written).ifPresent(value -> told.put(fact, value));
    }

    private static Optional<Object> at(@Nullable Object found, String... path) {
        var here = found;
        for (var name : path) here = here instanceof Map<?, ?> map ? map.get(name) : null;
        return Optional.ofNullable(here);
    }

    private static String written(Object value) {
        return value instanceof Double number
                ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
                : encoded(value.toString());
    }

    private static String encoded(String text) {
        var written = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b < 127 && b != '%') written.append((char) b);
            else written.append('%').append("%02X".formatted(b));
        }
        return written.toString();
    }
}
