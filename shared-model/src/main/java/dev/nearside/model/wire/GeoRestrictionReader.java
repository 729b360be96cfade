package dev.nearside.model.wire;

import static dev.nearside.model.wire.Documents.list;
import static dev.nearside.model.wire.Documents.or;

import dev.nearside.model.check.Problems;
import dev.nearside.model.distribution.GeoRestriction;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which countries are answered (CF§1.9).
final class GeoRestrictionReader {

    private GeoRestrictionReader() {}

    static GeoRestriction read(DistributionDocument.@Nullable Restrictions restrictions, Problems at) {
        var document = restrictions == null ? null : restrictions.geoRestriction();
        if (document == null) return new GeoRestriction.None();
        var type = or(document.restrictionType(), "none");
        var items = list(document.items());
        for (int i = 0; i < items.size(); i++) {
            if (!isCountry(items.get(i))) {
                at.at("items").at(i).add(items.get(i), "an ISO 3166-1 code of two upper-case letters");
            }
        }
        if (type.equals("none") && !items.isEmpty()) at.at("items").add(items, "no countries beside \"none\"");
        if (!type.equals("none") && items.isEmpty()) at.at("items").add("empty (expected: at least one country)");
        return switch (type) {
            case "none" -> new GeoRestriction.None();
            case "whitelist" -> new GeoRestriction.Only(Set.copyOf(items));
            case "blacklist" -> new GeoRestriction.AllExcept(Set.copyOf(items));
            default -> {
                at.at("restrictionType").add(type, "none, whitelist or blacklist");
                yield new GeoRestriction.None();
            }
        };
    }

    private static boolean isCountry(String text) {
        return text.length() == 2 && text.chars().allMatch(c -> c >= 'A' && c <= 'Z');
    }
}
