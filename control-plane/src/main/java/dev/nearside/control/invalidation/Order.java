package dev.nearside.control.invalidation;

import dev.nearside.control.audit.Authorship;
import dev.nearside.model.invalidation.InvalidationPath;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// An order that may be added to the log.
///
/// @param id that it gets if it is added
/// @param paths as they were written
/// @param soft whether what is reached becomes stale instead of being removed
public record Order(
        String id, String distributionId, String callerReference, List<String> paths, boolean soft, Authorship by) {
    public Order {
        paths = List.copyOf(paths);
    }

    /// How many of its lines reach more than one path.
    public int wildcards() {
        return (int) paths.stream()
                .map(InvalidationPath::parse)
                .filter(InvalidationPath::isWildcard)
                .count();
    }

    /// Whether it asks for the same: neither the order of lines, nor one said twice, nor the case of a tag matters.
    public boolean asksFor(List<String> others, boolean isSoft) {
        return soft == isSoft && (paths.equals(others) || reach(paths).equals(reach(others)));
    }

    private static Set<InvalidationPath> reach(List<String> lines) {
        return lines.stream().map(InvalidationPath::parse).collect(Collectors.toCollection(HashSet::new));
    }
}
