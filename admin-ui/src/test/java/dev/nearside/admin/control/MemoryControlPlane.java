package dev.nearside.admin.control;

import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.Answer.Refused;
import dev.nearside.admin.control.Answer.SignedOut;
import dev.nearside.admin.control.Answer.Unreachable;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.invalidation.InvalidationPath;
import dev.nearside.model.wire.BehaviorDocument;
import dev.nearside.model.wire.CachePolicyDocument;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.ConfigurationReader;
import dev.nearside.model.wire.CookiesConfig;
import dev.nearside.model.wire.DistributionDocument;
import dev.nearside.model.wire.ExplainReader;
import dev.nearside.model.wire.HeadersConfig;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.ManagedPolicies;
import dev.nearside.model.wire.OriginDocument;
import dev.nearside.model.wire.QueryStringsConfig;
import dev.nearside.model.wire.api.AuditLog;
import dev.nearside.model.wire.api.CachePolicies;
import dev.nearside.model.wire.api.Certificates;
import dev.nearside.model.wire.api.Difference;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.DocumentDifference;
import dev.nearside.model.wire.api.Draft;
import dev.nearside.model.wire.api.Edges;
import dev.nearside.model.wire.api.EnrolmentToken;
import dev.nearside.model.wire.api.ExplainRequest;
import dev.nearside.model.wire.api.Explanation;
import dev.nearside.model.wire.api.Invalidations;
import dev.nearside.model.wire.api.Me;
import dev.nearside.model.wire.api.Metrics;
import dev.nearside.model.wire.api.NewCertificate;
import dev.nearside.model.wire.api.NewEnrolmentToken;
import dev.nearside.model.wire.api.NewRollout;
import dev.nearside.model.wire.api.OriginRequestPolicies;
import dev.nearside.model.wire.api.ResponseHeadersPolicies;
import dev.nearside.model.wire.api.Rollouts;
import dev.nearside.model.wire.api.Session;
import dev.nearside.model.wire.api.SnapshotDetail;
import dev.nearside.model.wire.api.SnapshotDifference;
import dev.nearside.model.wire.api.Snapshots;
import dev.nearside.model.wire.api.VersionDifference;
import dev.nearside.model.wire.api.Versions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A small control plane in memory: the demo distribution, two edges that apply whatever they get, and one person
/// for each role, whose password is `secret`.
public final class MemoryControlPlane implements Entrance {

    private static final Duration APPLIES_AFTER = Duration.ofMillis(1500);

    private static final List<Difference> DIFFERENCES = List.of(
            new Difference(
                    "cacheBehaviors[/api/public/*]",
                    "added",
                    null,
                    jakarta.json.Json.createObjectBuilder()
                            .add("pathPattern", "/api/public/*")
                            .add("targetOriginId", "site")
                            .build()),
            new Difference(
                    "cacheBehaviors[/static/*]",
                    "moved",
                    jakarta.json.Json.createValue(1),
                    jakarta.json.Json.createValue(0)),
            new Difference(
                    "origins[site].originReadTimeout",
                    "changed",
                    jakarta.json.Json.createValue(10),
                    jakarta.json.Json.createValue(30)),
            new Difference("aliases[old.example.internal]", "removed", jakarta.json.Json.createValue("old"), null));

    private final Map<String, Map<String, String>> labels = new ConcurrentHashMap<>();
    private final Set<String> drained = ConcurrentHashMap.newKeySet();
    private final InstantSource clock;
    private final List<CachePolicies.Item> policies = new ArrayList<>();
    private final Map<String, List<Versions.Item>> versions = new LinkedHashMap<>();
    private final List<Snapshots.Item> snapshots = new ArrayList<>();
    private final List<Rollouts.Item> rollouts = new ArrayList<>();
    private final List<Certificates.Item> certificates = new ArrayList<>();
    private final List<Invalidations.Item> invalidations = new ArrayList<>();
    private Distributions.Item distribution;
    private int unpublished;

    /// How often the metrics were asked for.
    public final AtomicInteger metricsAsked = new AtomicInteger();

    /// Nobody answers while this is set.
    public volatile boolean isAway;

    /// What every edge complains of; empty if of nothing.
    public volatile String certificateProblem = "";

    /// The edge that answers no question.
    public volatile String silentEdge = "none";

    /// The edge that is not connected.
    public volatile String unreachableEdge = "none";

    /// No token is good while this is set.
    public volatile boolean isForgetful;

    public MemoryControlPlane(InstantSource clock) {
        this.clock = clock;
        var start = clock.instant().minusSeconds(600);
        var custom = new CachePolicyDocument(
                "3f6c0a52-1d6b-4a2e-9b1c-0c5a3c1f7d10",
                "demo-public-api",
                "Answers of the public API, by the parameters it reads",
                0L,
                300L,
                300L,
                true,
                true,
                new HeadersConfig("none", List.of()),
                new CookiesConfig("none", List.of()),
                new QueryStringsConfig("whitelist", List.of("q", "page")),
                null,
                null,
                null);
        policies.add(item(custom, 1, start, "admin", "First version"));
        for (var managed : Objects.requireNonNull(ManagedPolicies.document().cachePolicies())) {
            policies.add(new CachePolicies.Item(
                    Objects.requireNonNull(managed.id()), "managed", 1, "1", null, null, null, List.of(), managed));
        }
        distribution = new Distributions.Item(
                "E1DEMO7NEARSIDE",
                3,
                "3",
                start,
                "admin",
                "Cache the API",
                "Deployed",
                "http-only",
                List.of("no certificate: served over plain HTTP only"),
                demo());
        versions.put(
                distribution.id(),
                List.of(
                        new Versions.Item(3, start, "admin", "Cache the API"),
                        new Versions.Item(2, start.minusSeconds(4000), "admin", "Static files by pattern"),
                        new Versions.Item(1, start.minusSeconds(9000), "admin", "")));
        certificates.add(certificate("id-of-www", "www", 1, 60, start));
        certificates.add(certificate("id-of-shop", "shop", 3, 12, start));
        certificates.add(certificate("id-of-old", "old", 1, -2, start));
        snapshots.add(new Snapshots.Item(
                1,
                "9f86d081884c7d659a2feaa0c55ad015",
                start.plusSeconds(460),
                "admin",
                "The demo goes live",
                List.of()));
    }

    static Certificates.Item certificate(String id, String name, long version, long days, Instant now) {
        var end = now.plusSeconds(days * 86_400 + 3600);
        return new Certificates.Item(
                id,
                name,
                version,
                "\"" + version + "\"",
                now,
                now,
                "admin",
                "",
                "CN=" + name + ".example.internal",
                List.of(name + ".example.internal", "*." + name + ".example.internal"),
                "CN=Internal CA",
                List.of("CN=Internal CA"),
                "EC P-256",
                "1f",
                "9f86d081",
                now.minusSeconds(86_400),
                end,
                days,
                days < 21,
                name.equals("www") ? List.of("demo") : List.of(),
                List.of(new Certificates.Edge("edge-1", "applied", ""), new Certificates.Edge("edge-2", "applied", "")),
                days < 21 ? List.of("ends in %d days, on %s".formatted(days, end)) : List.of());
    }

    private static DistributionDocument demo() {
        var origin = new OriginDocument(
                "site",
                "127.0.0.1",
                "",
                List.of(new OriginDocument.CustomHeader("X-Origin-Key", "…")),
                "http-only",
                8060,
                443,
                3,
                10,
                30,
                5,
                null,
                null);
        return new DistributionDocument(
                "E1DEMO7NEARSIDE",
                "demo",
                "The sample site, every kind of caching",
                true,
                List.of("localhost", "127.0.0.1", "demo.example.internal"),
                "index.html",
                List.of(origin),
                null,
                behavior(null, "83da9c7e-98b4-4e11-a168-04f0df8e2c65"),
                List.of(
                        behavior("/static/*", "658327ea-f89d-4fab-a63d-7e88639e58f6"),
                        behavior("/api/public/*", "3f6c0a52-1d6b-4a2e-9b1c-0c5a3c1f7d10"),
                        behavior("/api/user/*", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad")),
                null,
                null,
                null,
                null);
    }

    private static BehaviorDocument behavior(@Nullable String pattern, String cachePolicy) {
        return new BehaviorDocument(
                pattern,
                "site",
                "allow-all",
                List.of("GET", "HEAD"),
                List.of("GET", "HEAD"),
                true,
                cachePolicy,
                "216adef6-5c7f-47e4-b989-5492eafa07d3",
                null,
                null,
                null,
                null,
                null);
    }

    private static CachePolicies.Item item(
            CachePolicyDocument config, long version, Instant at, String author, String comment) {
        return new CachePolicies.Item(
                Objects.requireNonNull(config.id()),
                "custom",
                version,
                String.valueOf(version),
                at,
                author,
                comment,
                "demo-public-api".equals(config.name()) ? List.of("demo") : List.of(),
                config);
    }

    @Override
    public Answer<Session> login(String username, String password) {
        if (isAway) return new Unreachable<>("nothing answers at memory");
        var known = List.of("viewer", "operator", "admin").contains(username) && password.equals("secret");
        return known
                ? new Done<>(new Session("token-of-" + username, clock.instant().plusSeconds(3600), username, username))
                : new SignedOut<>();
    }

    @Override
    public Answer<Me> identify(String token) {
        if (isAway) return new Unreachable<>("nothing answers at memory");
        return token.equals("token-of-viewer")
                ? new Done<>(new Me("dashboards", "viewer", "token"))
                : new SignedOut<>();
    }

    @Override
    public ControlPlane enter(String token) {
        return new AsBearer(token.replace("token-of-", ""));
    }

    @Override
    public boolean isReachable() {
        return !isAway;
    }

    /// Somebody else saves a version of the demo's policy meanwhile.
    public synchronized void saveBehindYourBack(String id, long defaultTtl) {
        var old = policy(id).orElseThrow();
        var c = old.config();
        replace(item(
                new CachePolicyDocument(
                        c.id(),
                        c.name(),
                        c.comment(),
                        c.minTTL(),
                        defaultTtl,
                        c.maxTTL(),
                        true,
                        true,
                        c.headersConfig(),
                        c.cookiesConfig(),
                        c.queryStringsConfig(),
                        c.minTTLOverridesOrigin(),
                        c.heuristicFreshness(),
                        c.replaySetCookie()),
                old.version() + 1,
                clock.instant(),
                "bob",
                "Shorter"));
    }

    public synchronized Optional<CachePolicies.Item> policy(String id) {
        return policies.stream().filter(each -> each.id().equals(id)).findFirst();
    }

    public synchronized List<Invalidations.Item> ordered() {
        return List.copyOf(invalidations);
    }

    public synchronized List<Snapshots.Item> published() {
        return List.copyOf(snapshots);
    }

    private void replace(CachePolicies.Item item) {
        policies.replaceAll(each -> each.id().equals(item.id()) ? item : each);
        unpublished++;
    }

    private boolean isApplied(Instant since) {
        return !clock.instant().isBefore(since.plus(APPLIES_AFTER));
    }

    private final class AsBearer implements ControlPlane {

        private final String username;

        AsBearer(String username) {
            this.username = username;
        }

        private <T> Answer<T> answer(Supplier<Answer<T>> inner) {
            if (isAway) return new Unreachable<>("nothing answers at http://127.0.0.1:8070");
            if (isForgetful) return new SignedOut<>();
            synchronized (MemoryControlPlane.this) {
                return inner.get();
            }
        }

        private <T> Answer<T> changing(Supplier<Answer<T>> inner) {
            return username.equals("viewer")
                    ? new Refused<>(403, "Not allowed", "The role viewer may not change anything", List.of())
                    : answer(inner);
        }

        private <T> Answer<T> missing(String what) {
            return new Refused<>(404, "Not found", what + " does not exist", List.of());
        }

        @Override
        public String address() {
            return "http://127.0.0.1:8070";
        }

        @Override
        public Answer<Gone> logout() {
            return new Done<>(new Gone());
        }

        @Override
        public Answer<Distributions> distributions() {
            return answer(() -> new Done<>(new Distributions(List.of(distribution))));
        }

        @Override
        public Answer<Distributions.Item> distribution(String id) {
            return answer(() -> id.equals(distribution.id()) ? new Done<>(distribution) : missing(id));
        }

        @Override
        public Answer<Versions> distributionVersions(String id) {
            return answer(() -> new Done<>(new Versions(versions.getOrDefault(id, List.of()))));
        }

        @Override
        public Answer<CachePolicies> cachePolicies() {
            return answer(() -> new Done<>(new CachePolicies(List.copyOf(policies))));
        }

        @Override
        public Answer<OriginRequestPolicies> originRequestPolicies() {
            return answer(() -> new Done<>(new OriginRequestPolicies(
                    Objects.requireNonNull(ManagedPolicies.document().originRequestPolicies()).stream()
                            .map(each -> new OriginRequestPolicies.Item(
                                    Objects.requireNonNull(each.id()),
                                    "managed",
                                    1,
                                    "1",
                                    null,
                                    null,
                                    null,
                                    List.of(),
                                    each))
                            .toList())));
        }

        @Override
        public Answer<ResponseHeadersPolicies> responseHeadersPolicies() {
            return answer(() -> new Done<>(new ResponseHeadersPolicies(
                    Objects.requireNonNull(ManagedPolicies.document().responseHeadersPolicies()).stream()
                            .map(each -> new ResponseHeadersPolicies.Item(
                                    Objects.requireNonNull(each.id()),
                                    "managed",
                                    1,
                                    "1",
                                    null,
                                    null,
                                    null,
                                    List.of(),
                                    each))
                            .toList())));
        }

        @Override
        public Answer<CachePolicies.Item> cachePolicy(String id) {
            return answer(
                    () -> policy(id).<Answer<CachePolicies.Item>>map(Done::new).orElseGet(() -> missing(id)));
        }

        @Override
        public Answer<OriginRequestPolicies.Item> originRequestPolicy(String id) {
            return originRequestPolicies()
                    .map(all -> all.items().stream()
                            .filter(each -> each.id().equals(id))
                            .findFirst()
                            .orElseThrow());
        }

        @Override
        public Answer<ResponseHeadersPolicies.Item> responseHeadersPolicy(String id) {
            return responseHeadersPolicies()
                    .map(all -> all.items().stream()
                            .filter(each -> each.id().equals(id))
                            .findFirst()
                            .orElseThrow());
        }

        @Override
        public Answer<Versions> policyVersions(PolicyKind kind, String id) {
            return answer(() -> new Done<>(new Versions(policy(id).stream()
                    .map(each -> new Versions.Item(
                            each.version(),
                            Objects.requireNonNullElse(each.lastModifiedTime(), Instant.EPOCH),
                            "admin",
                            Objects.requireNonNullElse(each.comment(), "")))
                    .toList())));
        }

        @Override
        public Answer<CachePolicies.Item> createCachePolicy(CachePolicyDocument policy, String comment) {
            return changing(() -> switch (ConfigurationReader.cachePolicy(policy)) {
                case Checked.Invalid<?>(var problems) -> invalid(problems);
                case Checked.Valid<?> _ -> {
                    var created = item(policy.withId("id-of-" + policy.name()), 1, clock.instant(), username, comment);
                    policies.addFirst(created);
                    unpublished++;
                    yield new Done<>(created);
                }
            });
        }

        @Override
        public Answer<CachePolicies.Item> updateCachePolicy(
                String id, String etag, CachePolicyDocument policy, String comment) {
            return changing(() -> {
                var old = policy(id).orElseThrow();
                if (!old.etag().equals(etag)) {
                    return new Refused<>(
                            412, "Changed meanwhile", "The policy is no longer at this version", List.of());
                }
                return switch (ConfigurationReader.cachePolicy(policy)) {
                    case Checked.Invalid<?>(var problems) -> invalid(problems);
                    case Checked.Valid<?> _ -> {
                        var saved = item(policy.withId(id), old.version() + 1, clock.instant(), username, comment);
                        replace(saved);
                        yield new Done<>(saved);
                    }
                };
            });
        }

        private <T> Answer<T> invalid(List<Problem> problems) {
            return new Refused<>(400, "The document is not valid", "Nothing was stored", problems);
        }

        @Override
        public Answer<Gone> deletePolicy(PolicyKind kind, String id, String etag) {
            return changing(() -> {
                var used = policy(id).map(CachePolicies.Item::usedBy).orElse(List.of());
                if (!used.isEmpty())
                    return new Refused<>(409, "In use", "Used by " + String.join(", ", used), List.of());
                policies.removeIf(each -> each.id().equals(id));
                return new Done<>(new Gone());
            });
        }

        @Override
        public Answer<Certificates> certificates() {
            return answer(() -> new Done<>(new Certificates(List.copyOf(certificates))));
        }

        @Override
        public Answer<Certificates.Item> uploadCertificate(NewCertificate certificate) {
            return changing(() -> kept("id-of-" + certificate.name(), 1, certificate));
        }

        @Override
        public Answer<Certificates.Item> replaceCertificate(String id, String etag, NewCertificate certificate) {
            return changing(() -> certificates.stream()
                    .filter(each -> each.id().equals(id))
                    .findFirst()
                    .map(each -> kept(id, each.version() + 1, certificate))
                    .orElseGet(() -> missing(id)));
        }

        private Answer<Certificates.Item> kept(String id, long version, NewCertificate certificate) {
            if (certificate.privateKey() == null) {
                return invalid(List.of(new Problem("privateKey", "missing (expected: a PEM key)")));
            }
            certificates.removeIf(each -> each.id().equals(id));
            var kept = MemoryControlPlane.certificate(
                    id, Objects.requireNonNullElse(certificate.name(), "www"), version, 90, clock.instant());
            certificates.add(kept);
            return new Done<>(kept);
        }

        @Override
        public Answer<Gone> deleteCertificate(String id, String etag) {
            return changing(() -> {
                certificates.removeIf(each -> each.id().equals(id));
                return new Done<>(new Gone());
            });
        }

        @Override
        public Answer<Snapshots> snapshots() {
            return answer(() -> new Done<>(new Snapshots(
                    snapshots.reversed().stream().map(this::withEdges).toList(), unpublished)));
        }

        private Snapshots.Item withEdges(Snapshots.Item snapshot) {
            var newest = snapshots.getLast().version();
            if (trial() && snapshot.version() == newest) return with(snapshot, "edge-1");
            if (trial() && snapshot.version() == newest - 1) return with(snapshot, "edge-2");
            if (snapshot.version() != newest) return snapshot;
            var state = isApplied(snapshot.createTime()) ? "applied" : "waiting";
            return new Snapshots.Item(
                    snapshot.version(),
                    snapshot.hash(),
                    snapshot.createTime(),
                    snapshot.author(),
                    snapshot.comment(),
                    List.of(new Snapshots.EdgeState("edge-1", "applied"), new Snapshots.EdgeState("edge-2", state)));
        }

        private static Snapshots.Item with(Snapshots.Item snapshot, String edge) {
            return new Snapshots.Item(
                    snapshot.version(),
                    snapshot.hash(),
                    snapshot.createTime(),
                    snapshot.author(),
                    snapshot.comment(),
                    List.of(new Snapshots.EdgeState(edge, "applied")));
        }

        private boolean trial() {
            return rollouts.stream().anyMatch(each -> each.endTime() == null);
        }

        @Override
        public Answer<SnapshotDetail> snapshot(long version) {
            return answer(() -> snapshots.stream()
                    .filter(each -> each.version() == version)
                    .findFirst()
                    .<Answer<SnapshotDetail>>map(each -> new Done<>(new SnapshotDetail(
                            withEdges(each),
                            new ConfigurationDocument(
                                    List.of(distribution.config()),
                                    List.of(policies.getFirst().config()),
                                    List.of(),
                                    List.of()))))
                    .orElseGet(() -> missing("Snapshot " + version)));
        }

        @Override
        public Answer<Snapshots.Item> publish(String comment) {
            return changing(() -> {
                var version = snapshots.size() + 1L;
                snapshots.add(new Snapshots.Item(
                        version,
                        "60303ae22b998861bce3b28f33eec1b" + version,
                        clock.instant(),
                        username,
                        comment,
                        List.of()));
                unpublished = 0;
                return new Done<>(withEdges(snapshots.getLast()));
            });
        }

        @Override
        public Answer<Snapshots.Item> publish(String comment, String draft, NewRollout rollout) {
            var chosen = rollout.canaries();
            if (chosen == null || (chosen.labels() == null) == (chosen.percentage() == null)) {
                return invalid(
                        List.of(new Problem("rollout.canaries", "missing (expected: either labels or percentage)")));
            }
            var published = publish(comment, draft);
            published.map(snapshot -> rollouts.add(new Rollouts.Item(
                    "\"2\"",
                    snapshot.version(),
                    snapshot.version() - 1,
                    null,
                    "watching",
                    rollout,
                    username,
                    comment,
                    clock.instant().minusSeconds(130),
                    clock.instant().minusSeconds(128),
                    clock.instant().plusSeconds(472),
                    null,
                    null,
                    null,
                    null,
                    new Rollouts.Figures(
                            clock.instant(),
                            1_204,
                            15_377,
                            List.of(
                                    new Rollouts.Guard("serverErrors", 0.25, 0.19, 1.0, "fine"),
                                    new Rollouts.Guard("hitRatio", 88.4, 91.2, 10.0, "fine"),
                                    new Rollouts.Guard("latency", 23.1, 21.7, 2.0, "fine"))),
                    List.of(new Snapshots.EdgeState("edge-1", "applied")))));
            return published;
        }

        @Override
        public Answer<Rollouts> rollouts() {
            return answer(() -> new Done<>(new Rollouts(rollouts.reversed())));
        }

        @Override
        public Answer<Rollouts.Item> rollout(long version) {
            return answer(() -> rollouts.stream()
                    .filter(each -> each.snapshotVersion() == version)
                    .findFirst()
                    .<Answer<Rollouts.Item>>map(Done::new)
                    .orElseGet(() -> missing("Rollout " + version)));
        }

        @Override
        public Answer<Rollouts.Item> endRollout(long version, String etag, RolloutEnd end) {
            return changing(() -> {
                var found = rollouts.stream()
                        .filter(each -> each.snapshotVersion() == version && each.endTime() == null)
                        .findFirst();
                if (found.isEmpty()) return new Refused<>(409, "The rollout is over", "", List.of());
                var before = found.get();
                var isPromoted = end == RolloutEnd.PROMOTE;
                var ended = new Rollouts.Item(
                        "\"3\"",
                        version,
                        before.previousVersion(),
                        isPromoted ? version : version + 1,
                        isPromoted ? "promoted" : "rolled-back",
                        before.plan(),
                        before.author(),
                        before.comment(),
                        before.startTime(),
                        null,
                        null,
                        null,
                        clock.instant(),
                        username,
                        "5xx 0.25 % on the canaries, 0.19 % on the others (allowed: 1.00 points more)",
                        before.figures(),
                        List.of());
                rollouts.remove(before);
                rollouts.add(ended);
                return new Done<>(ended);
            });
        }

        @Override
        public Answer<Distributions.Item> saveDistribution(String id, String etag, String json, String comment) {
            return changing(() -> {
                if (!id.isEmpty() && !distribution.etag().equals(etag)) {
                    return new Refused<>(412, "Changed meanwhile", "It is no longer at this version", List.of());
                }
                return switch (Json.read(json, DistributionDocument.class)) {
                    case Checked.Invalid<DistributionDocument>(var problems) -> invalid(problems);
                    case Checked.Valid<DistributionDocument>(var config) -> {
                        distribution = new Distributions.Item(
                                distribution.id(),
                                distribution.version() + 1,
                                String.valueOf(distribution.version() + 1),
                                clock.instant(),
                                username,
                                comment,
                                "InProgress",
                                distribution.viewerProtocols(),
                                distribution.warnings(),
                                config.withId(distribution.id()));
                        unpublished++;
                        yield new Done<>(distribution);
                    }
                };
            });
        }

        @Override
        public Answer<Versions> versions(DocumentKind kind, String id) {
            return kind == DocumentKind.DISTRIBUTION
                    ? distributionVersions(id)
                    : policyVersions(PolicyKind.at(kind.path()).orElseThrow(), id);
        }

        @Override
        public Answer<VersionDifference> compareVersions(DocumentKind kind, String id, long from, long to) {
            return answer(() -> new Done<>(new VersionDifference(from, to, from == to ? List.of() : DIFFERENCES)));
        }

        @Override
        public Answer<Gone> restore(DocumentKind kind, String id, long version, long newest, String comment) {
            return changing(() -> {
                var old = versions.getOrDefault(id, List.of());
                if (old.isEmpty() || old.getFirst().version() != newest) {
                    return new Refused<>(412, "Changed meanwhile", "It is no longer at this version", List.of());
                }
                var more = new ArrayList<>(old);
                more.addFirst(
                        new Versions.Item(newest + 1, clock.instant(), username, "restored from version " + version));
                versions.put(id, more);
                unpublished++;
                return new Done<>(new Gone());
            });
        }

        @Override
        public Answer<Draft> draft() {
            return answer(() -> new Done<>(new Draft(
                    snapshots.size(),
                    draftEtag(),
                    unpublished == 0 ? List.of() : changed().subList(0, 1))));
        }

        private String draftEtag() {
            return "\"%d-%d\"".formatted(snapshots.size(), unpublished);
        }

        private List<DocumentDifference> changed() {
            var custom = policies.stream()
                    .filter(each -> each.type().equals("custom"))
                    .findFirst()
                    .orElseThrow();
            return List.of(
                    new DocumentDifference(
                            "cache-policy",
                            custom.id(),
                            Objects.requireNonNull(custom.config().name()),
                            "changed",
                            1L,
                            custom.version(),
                            List.of(new Difference(
                                    "defaultTTL",
                                    "changed",
                                    jakarta.json.Json.createValue(300),
                                    jakarta.json.Json.createValue(60)))),
                    new DocumentDifference(
                            "distribution",
                            distribution.id(),
                            "demo",
                            "changed",
                            2L,
                            distribution.version(),
                            DIFFERENCES));
        }

        @Override
        public Answer<Draft> discardDraft(String etag) {
            return changing(() -> {
                if (!draftEtag().equals(etag)) {
                    return new Refused<>(412, "The draft changed meanwhile", "Read it again", List.of());
                }
                unpublished = 0;
                return draft();
            });
        }

        @Override
        public Answer<Snapshots.Item> publish(String comment, String draft) {
            return changing(() -> draftEtag().equals(draft)
                    ? publish(comment)
                    : new Refused<>(412, "The draft changed meanwhile", "Read it again", List.of()));
        }

        @Override
        public Answer<SnapshotDifference> compareSnapshots(long from, long to) {
            return answer(() -> new Done<>(new SnapshotDifference(from, to, from == to ? List.of() : changed())));
        }

        @Override
        public Answer<Snapshots.Item> rollBack(long snapshot, String comment, String draft) {
            return publish("restored from snapshot " + snapshot + (comment.isEmpty() ? "" : ": " + comment), draft);
        }

        @Override
        public Answer<Invalidations> invalidations(String of, String marker) {
            long before = marker.isEmpty() ? Long.MAX_VALUE : Long.parseLong(marker);
            return answer(() -> {
                var found = invalidations.reversed().stream()
                        .filter(each -> each.position() < before)
                        .map(this::withReceipts)
                        .toList();
                var page = found.subList(0, Math.min(20, found.size()));
                var next = found.size() > 20 ? String.valueOf(page.getLast().position()) : null;
                return new Done<>(new Invalidations(page, 20, next));
            });
        }

        @Override
        public Answer<Invalidations.Item> invalidation(String of, String id) {
            return answer(() -> invalidations.stream()
                    .filter(each -> each.id().equals(id))
                    .findFirst()
                    .map(this::withReceipts)
                    .<Answer<Invalidations.Item>>map(Done::new)
                    .orElseGet(() -> missing("Invalidation " + id)));
        }

        /// The second edge went away a day before it was ordered.
        private Invalidations.Item withReceipts(Invalidations.Item item, Instant at) {
            return new Invalidations.Item(
                    item.id(),
                    item.distributionId(),
                    item.position(),
                    "InProgress",
                    at,
                    null,
                    item.author(),
                    item.pathCount(),
                    item.paths(),
                    item.soft(),
                    null,
                    new Invalidations.Summary(1, 0, 1, 0),
                    List.of(
                            new Invalidations.Receipt("edge-1", "applied", at.plusMillis(41), null),
                            new Invalidations.Receipt("edge-2", "unreachable", at.minusSeconds(86_400), null)));
        }

        private Invalidations.Item withReceipts(Invalidations.Item item) {
            var at = item.createTime();
            if (unreachableEdge.equals("edge-2")) return withReceipts(item, at);
            var second = isApplied(at)
                    ? new Invalidations.Receipt("edge-2", "applied", at.plusMillis(230), null)
                    : new Invalidations.Receipt("edge-2", "waiting", null, null);
            return new Invalidations.Item(
                    item.id(),
                    item.distributionId(),
                    item.position(),
                    isApplied(at) ? "Completed" : "InProgress",
                    at,
                    isApplied(at) ? at.plusMillis(230) : null,
                    item.author(),
                    item.pathCount(),
                    item.paths(),
                    item.soft(),
                    null,
                    new Invalidations.Summary(isApplied(at) ? 2 : 1, isApplied(at) ? 0 : 1, 0, 0),
                    List.of(new Invalidations.Receipt("edge-1", "applied", at.plusMillis(41), null), second));
        }

        @Override
        public Answer<Invalidations.Item> invalidate(String of, List<String> paths, boolean soft) {
            return changing(() -> {
                var problems = new ArrayList<Problem>();
                if (paths.isEmpty()) problems.add(new Problem("paths", "empty (expected: at least one path)"));
                for (var i = 0; i < paths.size(); i++) {
                    var place = "paths[" + i + "]";
                    InvalidationPath.problem(paths.get(i)).ifPresent(why -> problems.add(new Problem(place, why)));
                }
                if (!problems.isEmpty()) return invalid(problems);
                var position = invalidations.size() + 1L;
                var item = new Invalidations.Item(
                        "I" + (4711 + position),
                        of,
                        position,
                        "InProgress",
                        clock.instant(),
                        null,
                        username,
                        paths.size(),
                        paths,
                        soft ? true : null,
                        null,
                        new Invalidations.Summary(0, 2, 0, 0),
                        List.of());
                invalidations.add(item);
                return new Done<>(withReceipts(item));
            });
        }

        @Override
        public Answer<Edges> edges() {
            return answer(() -> new Done<>(new Edges(List.of(one("edge-1", 61), one("edge-2", 48)))));
        }

        /// Changes with the labels, as those of the real one do.
        private String etag(String name) {
            return labels.containsKey(name) ? "\"" + labels.get(name).hashCode() + "\"" : "\"1\"";
        }

        private Edges.Item one(String name, long share) {
            var now = clock.instant();
            var latest = snapshots.getLast();
            return new Edges.Item(
                    "id-of-" + name,
                    name,
                    name.equals(unreachableEdge) ? "unreachable" : "connected",
                    etag(name),
                    labels.getOrDefault(name, Map.of("site", name.equals("edge-1") ? "ams" : "fra")),
                    drained.contains(name),
                    drained.contains(name) ? now : null,
                    now.minusSeconds(86_400),
                    null,
                    now.minusSeconds(86_400),
                    now.minusMillis(600),
                    now.minusSeconds(5400),
                    "0.1.0",
                    name.equals("edge-1") || isApplied(latest.createTime()) && !trial()
                            ? latest.version()
                            : latest.version() - 1,
                    null,
                    null,
                    invalidations.size(),
                    256_000_000L * share / 100,
                    256_000_000L,
                    1_000_000_000L * share / 130,
                    1_000_000_000L,
                    share * 37,
                    true,
                    certificateProblem.isEmpty() ? List.of() : List.of(certificateProblem));
        }

        @Override
        public Answer<Edges.Item> edge(String id) {
            return answer(
                    () -> id.startsWith("id-of-edge-") ? new Done<>(one(id.replace("id-of-", ""), 61)) : missing(id));
        }

        @Override
        public Answer<Gone> removeEdge(String id) {
            return changing(() -> new Done<>(new Gone()));
        }

        @Override
        public Answer<Edges.Item> labelEdge(String id, String etag, Map<String, String> wanted) {
            return changing(() -> {
                if (!etag.equals(etag(id.replace("id-of-", "")))) {
                    return new Refused<>(412, "Somebody decided something else", "", List.of());
                }
                labels.put(id.replace("id-of-", ""), wanted);
                return edge(id);
            });
        }

        @Override
        public Answer<Edges.Item> drainEdge(String id, boolean now) {
            return changing(() -> {
                if (now) drained.add(id.replace("id-of-", ""));
                else drained.remove(id.replace("id-of-", ""));
                return edge(id);
            });
        }

        @Override
        public Answer<Edges.Item> rotateEdge(String id) {
            return changing(() -> edge(id));
        }

        @Override
        public Answer<EnrolmentToken> enrolmentToken(NewEnrolmentToken wanted) {
            var name = wanted.name();
            if (name != null && !name.matches("[A-Za-z0-9._-]{1,64}")) {
                return invalid(List.of(new Problem("name", "\"%s\" (expected: 1 to 64 letters)".formatted(name))));
            }
            return changing(() -> new Done<>(
                    new EnrolmentToken("nse_x7Jq2mVn4Kp9sRt1", clock.instant().plusSeconds(3600))));
        }

        @Override
        public Answer<AuditLog> audit() {
            if (!username.equals("admin")) {
                return new Refused<>(403, "Your role does not allow this", "It takes the role admin.", List.of());
            }
            return answer(() -> new Done<>(new AuditLog(List.of(
                    new AuditLog.Item(
                            clock.instant(),
                            "rollout",
                            "roll back rollout",
                            "snapshot 2",
                            "5xx 6.45 % on the canaries"),
                    new AuditLog.Item(
                            clock.instant(),
                            "bob",
                            "update cache-policy",
                            "demo-public-api 3f6c0a52-1d6b-4a2e-9b1c-0c5a3c1f7d10, version 2",
                            "Shorter")))));
        }

        @Override
        public Answer<Explanation> explain(ExplainRequest question) {
            return answer(() -> switch (ExplainReader.read(question)) {
                case Checked.Invalid<ExplainRequest>(var problems) -> invalid(problems);
                case Checked.Valid<ExplainRequest>(var asked) ->
                    silentEdge.equals(asked.edge())
                            ? new Refused<>(
                                    504, "The edge does not answer", silentEdge + " said nothing for 5 s.", List.of())
                            : new Done<>(explanation(asked));
            });
        }

        private Explanation explanation(ExplainRequest asked) {
            var at = clock.instant();
            var name = Objects.requireNonNullElse(asked.edge(), "edge-1");
            return new Explanation(
                    name,
                    at,
                    1,
                    name.equals("edge-1") ? "revalidate" : "hit",
                    name.equals("edge-1") ? "stale" : "fresh",
                    name.equals("edge-1")
                            ? "The stored copy's life of 3 s (Max TTL) ended 8.813 s ago."
                            : "Served from the cache.",
                    null,
                    new Explanation.Match(
                            distribution.id(),
                            "demo",
                            "/static/shop.css",
                            false,
                            "*",
                            List.of(new Explanation.Tried(
                                    "/Static/*", false, "/static/shop.css differs in case, which counts")),
                            "demo-public-api",
                            null,
                            null),
                    new Explanation.Key(
                            "0684063f4d7d59dd8245b0ccbc26593a",
                            List.of(new Explanation.KeyPart(
                                    "query", null, "v=3", "cache policy pages keys on these query parameters: v")),
                            List.of()),
                    new Explanation.ToOrigin(
                            "GET /static/shop.css?v=3",
                            List.of(new Explanation.Header("If-None-Match", "\"7\"")),
                            List.of(new Explanation.Asked("site", "http://127.0.0.1:8060", "the behavior's target"))),
                    new Explanation.StoredObject(
                            200,
                            List.of(new Explanation.Header("Cache-Control", "max-age=86400")),
                            at.minusSeconds(12),
                            at.minusSeconds(12),
                            "e",
                            0,
                            List.of("coats"),
                            true,
                            null,
                            11.813,
                            3,
                            false,
                            List.of(new Explanation.Step("time since arrival", 11.432, true)),
                            List.of(new Explanation.Step("Max TTL", 3, true)),
                            List.of(new Explanation.Window(
                                    "while it is refreshed", null, false, "the origin did not say so"))));
        }

        @Override
        public Answer<Metrics> metrics(Duration range, Duration step, Optional<String> of) {
            metricsAsked.incrementAndGet();
            return answer(() -> {
                var seconds = step.toSeconds();
                var end = clock.instant().getEpochSecond() / seconds * seconds;
                var points = new ArrayList<Metrics.Point>();
                for (var at = end - range.toSeconds() + seconds; at <= end; at += seconds)
                    points.add(point(at, seconds));
                return new Done<>(new Metrics((int) seconds, points));
            });
        }

        /// Reproducible traffic with a gentle swell, some noise, and a cache that fills.
        private Metrics.Point point(long at, long seconds) {
            var noise = Math.abs((at * 2654435761L) % 1000) / 1000.0;
            var swell = 60 + 25 * Math.sin(at / 70.0) + 14 * noise;
            var dip = at % 240 < 25 ? 0.35 : 0;
            var all = Math.round(swell * seconds);
            var misses = Math.round(all * (0.07 + dip + 0.03 * noise));
            var passes = Math.round(all * 0.08);
            var refresh = Math.round(all * 0.04);
            var collapsed = Math.round(all * 0.02 * noise);
            var stale = noise > 0.9 ? Math.round(all * 0.03) : 0L;
            var errors = noise > 0.97 ? 1L : 0L;
            var hits = all - misses - passes - refresh - collapsed - stale - errors;
            return new Metrics.Point(
                    Instant.ofEpochSecond(at),
                    hits,
                    refresh,
                    stale,
                    collapsed,
                    misses,
                    passes,
                    errors,
                    hits * 21_000,
                    refresh * 18_000,
                    stale * 15_000,
                    collapsed * 30_000,
                    misses * 24_000,
                    passes * 2_000,
                    errors * 300L,
                    misses * 24_000 + passes * 2_000);
        }
    }
}
