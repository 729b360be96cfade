package dev.nearside.control.configuration;

import dev.nearside.control.audit.Authorship;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.check.Problems;
import dev.nearside.model.distribution.HostName;
import dev.nearside.model.policy.Policies;
import dev.nearside.model.wire.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Holds proposed documents against each other and against all that is saved; a function of its arguments.
final class Judgement {
    private final Policies policies;
    private final List<Proposal> proposals;
    private final List<KnownCertificate> certificates;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> taken = new ArrayList<>();
    private final Map<Proposal, Claims> claims = new HashMap<>();

    private record Name(Kind kind, String name) {}

    Judgement(List<Proposal> proposals, List<Version> latest, List<KnownCertificate> certificates) {
        this.proposals = proposals;
        this.certificates = certificates;
        var replaced = proposals.stream()
                .map(proposal -> proposal.document().kind() + " " + proposal.id())
                .collect(Collectors.toSet());
        var others = latest.stream()
                .filter(version -> !replaced.contains(version.kind() + " " + version.id()))
                .toList();
        var othersDocuments = others.stream().map(Document::stored).toList();
        this.policies = Documents.of(Stream.concat(
                                othersDocuments.stream(), proposals.stream().map(Proposal::document))
                        .toList())
                .policies();
        judgeEach();
        judgeNames(others);
        judgeAliases(othersDocuments);
        judgeCertificates();
    }

    /// Everything that makes the proposals unusable, whatever else is saved.
    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /// The names that other documents have already.
    List<Problem> taken() {
        return List.copyOf(taken);
    }

    private void judgeEach() {
        for (var proposal : proposals) {
            if (problems.size() >= Problems.MOST_KEPT) return;
            switch (proposal.document().read(policies)) {
                case Checked.Valid<Claims>(var claimed) -> claims.put(proposal, claimed);
                case Checked.Invalid<Claims>(var found) ->
                    found.forEach(problem -> problems.add(new Problem(proposal.at(problem.path()), problem.message())));
            }
        }
    }

    private void judgeNames(List<Version> others) {
        var owners = new HashMap<Name, String>();
        for (var other : others)
            owners.put(
                    new Name(other.kind(), other.name()),
                    "another " + other.kind().words());
        for (var proposal : proposals) {
            var document = proposal.document();
            document.name().ifPresent(name -> {
                var owner = owners.putIfAbsent(new Name(document.kind(), name), "an earlier one of this document");
                if (owner != null) {
                    taken.add(new Problem(
                            proposal.at("name"),
                            "\"%s\" (expected: a name that %s does not have)".formatted(name, owner)));
                }
            });
        }
    }

    /// An alias belongs to one distribution (CF§1.2).
    private void judgeAliases(List<Document> others) {
        var owners = new HashMap<String, String>();
        for (var other : others) {
            if (other instanceof Document.OfDistribution(var content) && content.aliases() != null) {
                for (var alias : content.aliases())
                    owners.put(alias, other.name().orElse(""));
            }
        }
        for (var proposal : proposals) {
            if (proposal.document() instanceof Document.OfDistribution(var content) && content.aliases() != null) {
                var aliases = content.aliases();
                var name = proposal.document().name().orElse("");
                for (int i = 0; i < aliases.size(); i++) {
                    var owner = owners.putIfAbsent(aliases.get(i), name);
                    if (owner != null && !owner.equals(name)) {
                        problems.add(new Problem(
                                proposal.at("aliases[" + i + "]"),
                                "\"%s\" (expected: an alias that distribution %s does not have)"
                                        .formatted(aliases.get(i), owner)));
                    }
                }
            }
        }
    }

    /// A certificate must be there, and cover every alias (CF§1.2).
    private void judgeCertificates() {
        for (var proposal : proposals) {
            if (!(proposal.document() instanceof Document.OfDistribution(var content))) continue;
            var reference = content.viewerCertificate() == null
                    ? null
                    : content.viewerCertificate().certificateId();
            if (reference == null) continue;
            var known = KnownCertificate.find(reference, certificates);
            if (known.isEmpty()) {
                var path = proposal.at("viewerCertificate.certificateId");
                problems.add(
                        new Problem(path, "\"%s\" (expected: a certificate that was uploaded)".formatted(reference)));
                continue;
            }
            var aliases = content.aliases() == null ? List.<String>of() : content.aliases();
            for (int i = 0; i < aliases.size(); i++) {
                boolean isAlias = HostName.problem(aliases.get(i)).isEmpty();
                if (!isAlias || known.get().names().covers(new HostName(aliases.get(i)))) continue;
                problems.add(new Problem(
                        proposal.at("aliases[" + i + "]"),
                        "\"%s\" (expected: a name of certificate %s, which has: %s)"
                                .formatted(
                                        aliases.get(i),
                                        known.get().name(),
                                        String.join(", ", known.get().names().names()))));
            }
        }
    }

    /// The next versions, for proposals without a problem.
    ///
    /// @param everyOne also those that change nothing
    List<Accepted> accepted(Authorship by, boolean everyOne) {
        var accepted = new ArrayList<Accepted>();
        for (var proposal : proposals) {
            var claimed = claims.get(proposal);
            if (claimed == null) throw new IllegalStateException("a proposal with problems cannot be saved");
            var document = proposal.document().withPolicyIds(policies).withCertificateId(certificates);
            var version = new Version(
                    document.kind(),
                    proposal.id(),
                    proposal.replaces().map(Version::number).orElse(0) + 1,
                    document.name().orElseThrow(),
                    Json.write(document.content()),
                    by.author(),
                    by.at(),
                    by.comment(),
                    proposal.replaces().map(Version::createdAt).orElse(by.at()));
            boolean changes = !proposal.isLiving()
                    || proposal.replaces()
                            .map(before -> !before.document().equals(version.document()))
                            .orElse(true);
            if (changes || everyOne) accepted.add(new Accepted(version, claimed));
        }
        return accepted;
    }
}
