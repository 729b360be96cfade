package dev.nearside.control.configuration;

import dev.nearside.model.wire.api.DocumentDifference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How one set of documents differs from another; a function of its arguments.
public final class Comparison {

    /// The order of exports and of everything that is compared.
    public static final Comparator<Version> BY_KIND_AND_NAME =
            Comparator.comparing(Version::kind).thenComparing(Version::name).thenComparing(Version::id);

    private record Key(Kind kind, String id) {
        static Key of(Version version) {
            return new Key(version.kind(), version.id());
        }
    }

    private Comparison() {}

    /// Every document that does not say the same before and after.
    public static List<DocumentDifference> of(List<Version> before, List<Version> after) {
        var was = byKey(before);
        var is = byKey(after);
        var all = new ArrayList<>(after);
        for (var version : before) if (!is.containsKey(Key.of(version))) all.add(version);
        return all.stream()
                .sorted(BY_KIND_AND_NAME)
                .flatMap(version -> difference(version, was.get(Key.of(version)), is.get(Key.of(version))).stream())
                .toList();
    }

    private static Map<Key, Version> byKey(List<Version> versions) {
        var byKey = new HashMap<Key, Version>();
        for (var version : versions) byKey.put(Key.of(version), version);
        return byKey;
    }

    private static Optional<DocumentDifference> difference(
            Version one, @Nullable Version before, @Nullable Version after) {
        var word =
                before == null ? Difference.Way.ADDED : after == null ? Difference.Way.REMOVED : Difference.Way.CHANGED;
        var changes = before != null && after != null
                ? Difference.between(before.document(), after.document())
                : List.of(after == null ? Difference.nothingOf(one.document()) : Difference.whole(one.document()));
        if (changes.isEmpty()) return Optional.empty();
        return Optional.of(new DocumentDifference(
                one.kind().word(),
                one.id(),
                one.name(),
                word.word(),
                before == null ? null : (long) before.number(),
                after == null ? null : (long) after.number(),
                wire(changes)));
    }

    /// Changes as the API tells them.
    public static List<dev.nearside.model.wire.api.Difference> wire(List<Difference.Change> changes) {
        return changes.stream()
                .map(change -> new dev.nearside.model.wire.api.Difference(
                        change.path(),
                        change.way().word(),
                        change.before().orElse(null),
                        change.after().orElse(null)))
                .toList();
    }
}
