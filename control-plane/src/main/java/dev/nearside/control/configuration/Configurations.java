package dev.nearside.control.configuration;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.ConfigurationRepository.Change;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.ManagedPolicies;
import dev.nearside.model.wire.api.DocumentDifference;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The rules by which documents are saved and deleted.
public final class Configurations {
    private static final Set<String> MANAGED = Documents.of(ManagedPolicies.document()).stream()
            .map(document -> document.id().orElseThrow())
            .collect(Collectors.toUnmodifiableSet());

    private static final int LONGEST_ID = 36;

    private final ConfigurationRepository repository;
    private final Function<Kind, String> ids;

    /// @param ids makes the id of a new document
    public Configurations(ConfigurationRepository repository, Function<Kind, String> ids) {
        this.repository = repository;
        this.ids = ids;
    }

    /// Saves the first version of a document.
    public Outcome create(Document document, Authorship by) {
        if (document.id().isPresent()) {
            return new Outcome.Invalid(List.of(new Problem(
                    "id",
                    "\"%s\" (expected: none; a new one is given)"
                            .formatted(document.id().get()))));
        }
        var proposal = new Proposal(document.withId(ids.apply(document.kind())), "", Optional.empty());
        return repository.change(change -> save(change, proposal, by));
    }

    /// Saves the next version of a document.
    ///
    /// @param etag of the version that the change was made on
    public Outcome update(String id, String etag, Document document, Authorship by) {
        if (MANAGED.contains(id)) return new Outcome.Managed();
        if (!document.id().map(id::equals).orElse(true)) {
            return new Outcome.Invalid(List.of(new Problem(
                    "id",
                    "\"%s\" (expected: %s or none)".formatted(document.id().get(), id))));
        }
        return repository.change(change -> {
            var current = find(change.latest(), document.kind(), id);
            if (current.isEmpty()) return new Outcome.Missing();
            if (!current.get().etag().equals(etag)) return new Outcome.Stale(current.get());
            return save(change, new Proposal(document.withId(id), "", current), by);
        });
    }

    /// Saves an earlier version of a document as its next; brings back a deleted one.
    ///
    /// @param etag of the newest version
    public Outcome restore(Kind kind, String id, int number, String etag, Authorship by) {
        if (MANAGED.contains(id)) return new Outcome.Managed();
        return repository.change(change -> {
            var newest = change.findNewest(kind, id);
            var wanted = change.findVersion(kind, id, number);
            if (newest.isEmpty() || wanted.isEmpty()) return new Outcome.Missing();
            if (!newest.get().etag().equals(etag)) return new Outcome.Stale(newest.get());
            return save(
                    change,
                    new Proposal(Document.stored(wanted.get()), "", newest),
                    by.saying("restored from version " + number));
        });
    }

    private static Outcome save(Change change, Proposal proposal, Authorship by) {
        var judgement = new Judgement(List.of(proposal), change.latest(), change.certificates());
        if (!judgement.problems().isEmpty()) {
            var all = new ArrayList<>(judgement.problems());
            all.addAll(judgement.taken());
            return new Outcome.Invalid(all);
        }
        if (!judgement.taken().isEmpty()) return new Outcome.NameTaken(judgement.taken());
        var accepted = judgement.accepted(by, true);
        change.save(accepted, by);
        var saved = accepted.stream().map(Accepted::version).toList();
        return new Outcome.Saved(saved, saved);
    }

    /// Deletes a document that nothing needs any more; its versions stay.
    public Outcome delete(Kind kind, String id, String etag, Authorship by) {
        if (MANAGED.contains(id)) return new Outcome.Managed();
        return repository.change(change -> {
            var current = find(change.latest(), kind, id);
            if (current.isEmpty()) return new Outcome.Missing();
            if (!current.get().etag().equals(etag)) return new Outcome.Stale(current.get());
            if (Document.stored(current.get()) instanceof Document.OfDistribution(var content)
                    && !Boolean.FALSE.equals(content.enabled())) {
                return new Outcome.NotDisabled();
            }
            var users = users(change, id);
            if (!users.isEmpty()) return new Outcome.InUse(users);
            change.delete(current.get(), by);
            return new Outcome.Deleted();
        });
    }

    /// Who selects a policy, in the latest versions or in the snapshot that edges run.
    private static List<String> users(Change change, String policy) {
        var saved = change.usersOf(policy);
        var published = change.published();
        return Stream.concat(
                        saved.stream().map(name -> "distribution " + name),
                        published.versions().stream()
                                .filter(version ->
                                        Document.stored(version).selected().contains(policy))
                                .map(Version::name)
                                .filter(name -> !saved.contains(name))
                                .map(name -> "distribution %s as it is published in snapshot %d"
                                        .formatted(name, published.snapshot())))
                .toList();
    }

    /// What becomes of documents that a configuration does not mention.
    public enum Others {
        STAY,
        GO
    }

    /// Creates or updates every document of a configuration, all or nothing. Documents are known by id, those
    /// without one by name; what a configuration does not change gets no new version.
    ///
    /// @param etag of the configuration that the change was made on, or `*`; needed where something is overwritten
    /// @param dryRun whether to tell what would happen and store nothing
    public Outcome apply(
            ConfigurationDocument configuration, Others others, Optional<String> etag, boolean dryRun, Authorship by) {
        return repository.change(change -> {
            var problems = new ArrayList<Problem>();
            var proposals = proposals(configuration, change, problems);
            return apply(
                    change,
                    proposals,
                    problems,
                    others,
                    by,
                    (before, after) -> {
                        var lost = Comparison.of(before, after).stream()
                                .filter(document -> document.before() != null)
                                .toList();
                        return guard(
                                "configuration", ConfigurationText.of(before).etag(), etag, dryRun ? List.of() : lost);
                    },
                    dryRun);
        });
    }

    /// Brings every document back to what the current snapshot holds.
    ///
    /// @param etag of the draft that is given up, or `*`; needed if there is one
    public Outcome discard(Optional<String> etag, Authorship by) {
        return repository.change(change -> {
            var published = change.published();
            return bringBack(
                    change, published, etag, by.saying("draft discarded, back to snapshot " + published.snapshot()));
        });
    }

    /// Brings every document back to what a snapshot holds, within a change that may go on.
    ///
    /// @param etag of the draft that is overwritten, or `*`; needed if there is one
    public static Outcome bringBack(Change change, Published content, Optional<String> etag, Authorship by) {
        var draft = Draft.of(change);
        var refused = guard("draft", draft.etag(), etag, draft.differences());
        if (refused.isPresent()) return refused.get();
        var proposals = content.versions().stream()
                .map(version -> {
                    var newest = change.findNewest(version.kind(), version.id());
                    return new Proposal(
                            Document.stored(version),
                            "%s[%s]".formatted(version.kind().property(), version.name()),
                            newest,
                            find(draft.latest(), version.kind(), version.id()).isPresent());
                })
                .toList();
        return apply(change, proposals, new ArrayList<>(), Others.GO, by, (_, _) -> Optional.empty(), false);
    }

    /// Whether a change knows what it overwrites: a refusal if not.
    private static Optional<Outcome> guard(
            String what, String current, Optional<String> said, List<DocumentDifference> lost) {
        if (said.isEmpty()) {
            return lost.isEmpty() ? Optional.empty() : Optional.of(new Outcome.Unguarded(what, current, lost));
        }
        var isMet = said.get().equals(Refusals.ANYTHING) || said.get().equals(current);
        return isMet ? Optional.empty() : Optional.of(new Outcome.StaleWhole(what, current));
    }

    private static Outcome apply(
            Change change,
            List<Proposal> proposals,
            List<Problem> problems,
            Others others,
            Authorship by,
            BiFunction<List<Version>, List<Version>, Optional<Outcome>> guard,
            boolean dryRun) {
        var before = change.latest();
        var gone = others == Others.STAY
                ? List.<Version>of()
                : before.stream()
                        .filter(version -> proposals.stream().noneMatch(proposal -> isOf(proposal, version)))
                        .toList();
        var staying = before.stream().filter(version -> !gone.contains(version)).toList();
        var judgement = new Judgement(proposals, staying, change.certificates());
        problems.addAll(judgement.problems());
        problems.addAll(judgement.taken());
        if (!problems.isEmpty()) return new Outcome.Invalid(problems);
        var accepted = judgement.accepted(by, false);
        var changed = accepted.stream().map(Accepted::version).toList();
        var after = Stream.concat(
                        changed.stream(),
                        staying.stream()
                                .filter(version -> find(changed, version.kind(), version.id())
                                        .isEmpty()))
                .toList();
        var refused = guard.apply(before, after);
        if (refused.isPresent()) return refused.get();
        if (!dryRun) {
            for (var version : gone) change.delete(version, by);
            change.save(accepted, by);
        }
        var versions = proposals.stream()
                .map(proposal ->
                        find(after, proposal.document().kind(), proposal.id()).orElseThrow())
                .toList();
        return new Outcome.Applied(before, after, versions);
    }

    private static boolean isOf(Proposal proposal, Version version) {
        return proposal.document().kind() == version.kind() && proposal.id().equals(version.id());
    }

    private List<Proposal> proposals(ConfigurationDocument configuration, Change change, List<Problem> problems) {
        var latest = change.latest();
        var documents = Documents.of(configuration);
        var named = documents.stream()
                .flatMap(document -> document.id().map(id -> document.kind() + " " + id).stream())
                .collect(Collectors.toSet());
        var proposals = new ArrayList<Proposal>();
        var counts = new EnumMap<Kind, Integer>(Kind.class);
        var ids = new HashSet<String>();
        for (var document : documents) {
            var kind = document.kind();
            int index = counts.merge(kind, 1, Integer::sum) - 1;
            var path = "%s[%d]".formatted(kind.property(), index);
            var id = document.id()
                    .or(() -> latest.stream()
                            .filter(version -> version.kind() == kind
                                    && document.name()
                                            .map(version.name()::equals)
                                            .orElse(false)
                                    && !named.contains(kind + " " + version.id()))
                            .findFirst()
                            .map(Version::id))
                    .orElseGet(() -> this.ids.apply(kind));
            if (id.length() > LONGEST_ID) {
                problems.add(new Problem(
                        path + ".id", "%d characters (expected: at most %d)".formatted(id.length(), LONGEST_ID)));
            }
            if (!ids.add(kind + " " + id)) {
                problems.add(new Problem(path + ".id", "\"%s\" (expected: each id once)".formatted(id)));
            }
            proposals.add(new Proposal(
                    document.withId(id),
                    path,
                    id.length() > LONGEST_ID ? Optional.empty() : change.findNewest(kind, id),
                    find(latest, kind, id).isPresent()));
        }
        return proposals;
    }

    private static Optional<Version> find(List<Version> versions, Kind kind, String id) {
        return versions.stream()
                .filter(version -> version.kind() == kind && version.id().equals(id))
                .findFirst();
    }
}
