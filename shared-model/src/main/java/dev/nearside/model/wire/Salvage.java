package dev.nearside.model.wire;

import dev.nearside.model.check.Problem;
import dev.nearside.model.policy.Policies;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What else is wrong with a document that is refused for its shape: without the properties that cannot be read,
/// the rest is judged by the rules of the domain, so that its author is told everything at once.
final class Salvage {

    /// The last step of a path, where that is a place in a list.
    private static final Pattern LAST_INDEX = Pattern.compile("\\[\\d+]$");

    private static final Policies NO_POLICIES = new Policies(List.of(), List.of(), List.of());

    private final Set<String> unreadable;

    private Salvage(List<Problem> shape) {
        // Without one element the others would change their places: the list goes as a whole.
        this.unreadable = shape.stream()
                .map(problem -> LAST_INDEX.matcher(problem.path()).replaceFirst(""))
                .collect(Collectors.toSet());
    }

    /// Bound to the type, what is left of a tree.
    static JsonValue readable(JsonValue tree, List<Problem> shape) {
        return new Salvage(shape).without(tree, "");
    }

    /// The problems of shape, and those that the rules of the domain find in what is left.
    static List<Problem> problems(List<Problem> shape, Record left) {
        var rules = switch (left) {
            case ConfigurationDocument all -> ConfigurationReader.read(all).problems();
            case CachePolicyDocument policy ->
                ConfigurationReader.cachePolicy(policy).problems();
            case OriginRequestPolicyDocument policy ->
                ConfigurationReader.originRequestPolicy(policy).problems();
            case ResponseHeadersPolicyDocument policy ->
                ConfigurationReader.responseHeadersPolicy(policy).problems();
            case DistributionDocument distribution ->
                ConfigurationReader.distribution(distribution, NO_POLICIES).problems().stream()
                        .filter(problem -> !problem.path().endsWith("PolicyId")) // unknown here
                        .toList();
            default -> List.<Problem>of();
        };
        var all = new ArrayList<>(shape);
        for (var problem : rules) {
            if (shape.stream().noneMatch(known -> concerns(known.path(), problem.path()))) all.add(problem);
        }
        return all;
    }

    /// Whether one of two places lies within the other: what is missing there was taken away here.
    private static boolean concerns(String place, String other) {
        return place.startsWith(other) || other.startsWith(place);
    }

    private JsonValue without(JsonValue value, String path) {
        return switch (value) {
            case JsonObject object -> {
                var left = Json.createObjectBuilder();
                object.forEach((name, element) -> {
                    var place = path.isEmpty() ? name : path + "." + name;
                    if (!unreadable.contains(place)) left.add(name, without(element, place));
                });
                yield left.build();
            }
            case JsonArray array -> {
                var left = Json.createArrayBuilder();
                for (int i = 0; i < array.size(); i++) left.add(without(array.get(i), path + "[" + i + "]"));
                yield left.build();
            }
            default -> value;
        };
    }
}
