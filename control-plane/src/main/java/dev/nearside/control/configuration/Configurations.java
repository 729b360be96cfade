package dev.nearside.control.configuration;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.ConfigurationRepository.Change;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.ManagedPolicies;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The rules by which documents are saved and deleted.
public final class Configurations {
    private static final Set<String> MANAGED = Documents.of(ManagedPolicies.document()).stream()
            .map(document -> document.id().orElseThrow())
            .collect(Collectors.toUnmodifiableSet());

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

    private static Outcome save(Change change, Proposal proposal, Authorship by) {
        var judgement = new Judgement(List.of(proposal), change.latest(), change.certificates());
        if (!judgement.problems().isEmpty()) {
            var all = new ArrayList<>(judgement.problems());
            all.addAll(judgement.taken());
            return new Outcome.Invalid(all);
        }
        if (!judgement.taken().isEmpty()) return new Outcome.NameTaken(judgement.taken());
        var drafts = judgement.drafts(by, true);
        change.save(drafts, by);
        var saved = drafts.stream().map(Draft::version).toList();
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
            var users = change.usersOf(id);
            if (!users.isEmpty()) return new Outcome.InUse(users);
            change.delete(current.get(), by);
            return new Outcome.Deleted();
        });
    }

    /// Creates or updates every document of a configuration by its name, all or nothing. What it does not
    /// mention stays as it is; what it does not change gets no new version.
    public Outcome save(ConfigurationDocument configuration, Authorship by) {
        return repository.change(change -> {
            var latest = change.latest();
            var problems = new ArrayList<Problem>();
            var proposals = proposals(configuration, latest, problems);
            var judgement = new Judgement(proposals, latest, change.certificates());
            problems.addAll(judgement.problems());
            problems.addAll(judgement.taken());
            if (!problems.isEmpty()) return new Outcome.Invalid(problems);
            var drafts = judgement.drafts(by, false);
            change.save(drafts, by);
            var changed = drafts.stream().map(Draft::version).toList();
            var versions = proposals.stream()
                    .map(proposal -> find(changed, proposal.document().kind(), proposal.id())
                            .or(proposal::replaces)
                            .orElseThrow())
                    .toList();
            return new Outcome.Saved(versions, changed);
        });
    }

    private List<Proposal> proposals(
            ConfigurationDocument configuration, List<Version> latest, List<Problem> problems) {
        var proposals = new ArrayList<Proposal>();
        var counts = new EnumMap<Kind, Integer>(Kind.class);
        for (var document : Documents.of(configuration)) {
            int index = counts.merge(document.kind(), 1, Integer::sum) - 1;
            var path = "%s[%d]".formatted(document.kind().property(), index);
            var before = latest.stream()
                    .filter(version -> version.kind() == document.kind()
                            && document.name().map(version.name()::equals).orElse(false))
                    .findFirst();
            var id = before.map(Version::id).orElseGet(() -> ids.apply(document.kind()));
            document.id().filter(said -> before.isEmpty() || !said.equals(id)).ifPresent(said -> {
                var expected = before.map(Version::id)
                        .orElse("none for a new " + document.kind().words());
                problems.add(new Problem(path + ".id", "\"%s\" (expected: %s)".formatted(said, expected)));
            });
            proposals.add(new Proposal(document.withId(id), path, before));
        }
        return proposals;
    }

    private static Optional<Version> find(List<Version> versions, Kind kind, String id) {
        return versions.stream()
                .filter(version -> version.kind() == kind && version.id().equals(id))
                .findFirst();
    }
}
