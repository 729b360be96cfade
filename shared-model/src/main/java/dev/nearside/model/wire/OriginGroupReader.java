package dev.nearside.model.wire;

import static dev.nearside.model.wire.Documents.atMost;
import static dev.nearside.model.wire.Documents.each;
import static dev.nearside.model.wire.Documents.list;
import static dev.nearside.model.wire.Documents.or;

import dev.nearside.model.check.Problems;
import dev.nearside.model.origin.OriginGroup;
import dev.nearside.model.origin.OriginId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which origins stand in for which (CF§1.4).
final class OriginGroupReader {

    private static final int MAX_GROUPS = 10;
    private static final Set<Integer> FAILOVER_STATUSES = Set.of(400, 403, 404, 416, 429, 500, 502, 503, 504);

    private OriginGroupReader() {}

    /// @param origins the ids that a group may name
    static List<OriginGroup> read(List<DistributionDocument.OriginGroup> documents, Set<String> origins, Problems at) {
        atMost(MAX_GROUPS, "groups", documents, at);
        var ids = new HashSet<>(origins);
        return each(documents, at, (document, place) -> {
            var id = OriginReader.id(document.id(), place.at("id"));
            if (!id.isBlank() && !ids.add(id)) {
                place.at("id").add(id, "an id that no origin and no other group has");
            }
            var members = list(document.members()).stream()
                    .map(member -> or(member.originId(), ""))
                    .toList();
            checkMembers(members, origins, place.at("members"));
            var criteria = document.failoverCriteria();
            var statuses = criteria == null ? List.<Integer>of() : list(criteria.statusCodes());
            checkStatuses(statuses, place.at("failoverCriteria.statusCodes"));
            return new OriginGroup(
                    new OriginId(id),
                    new OriginId(members.isEmpty() ? "" : members.getFirst()),
                    new OriginId(members.isEmpty() ? "" : members.getLast()),
                    Set.copyOf(statuses));
        });
    }

    private static void checkMembers(List<String> members, Set<String> origins, Problems at) {
        if (members.size() != 2) {
            at.add("%d members (expected: 2, the primary first)".formatted(members.size()));
        }
        for (int i = 0; i < members.size(); i++) {
            var place = at.at(i).at("originId");
            if (!origins.contains(members.get(i))) place.add(members.get(i), "the id of one of the origins");
            else if (members.indexOf(members.get(i)) < i) place.add(members.get(i), "another origin");
        }
    }

    private static void checkStatuses(List<Integer> statuses, Problems at) {
        if (statuses.isEmpty()) at.add("empty (expected: at least one status)");
        for (int i = 0; i < statuses.size(); i++) {
            if (!FAILOVER_STATUSES.contains(statuses.get(i))) {
                at.at(i).add(statuses.get(i), "400, 403, 404, 416, 429, 500, 502, 503 or 504");
            }
        }
    }
}
