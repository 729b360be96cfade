package dev.nearside.model.wire;

import static dev.nearside.model.wire.Documents.list;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problems;
import dev.nearside.model.distribution.Distribution;
import dev.nearside.model.policy.CachePolicy;
import dev.nearside.model.policy.OriginRequestPolicy;
import dev.nearside.model.policy.Policies;
import dev.nearside.model.policy.ResponseHeadersPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Configuration out of its documents: a usable value, or every problem with its path.
public final class ConfigurationReader {

    private ConfigurationReader() {}

    /// A whole document that stands alone: its own policies and the managed ones are all that it may refer to.
    public static Checked<Configuration> read(ConfigurationDocument document) {
        var problems = Problems.none();
        var policies = policies(document, problems).and(ManagedPolicies.policies());
        var distributions = each(
                list(document.distributions()),
                problems.at("distributions"),
                (distribution, at) -> DistributionReader.read(distribution, policies, at));
        unique(
                list(document.distributions()),
                DistributionDocument::id,
                DistributionDocument::name,
                problems.at("distributions"));
        overlaps(list(document.distributions()), problems.at("distributions"));
        return Checked.of(new Configuration(distributions, policies), problems.list());
    }

    /// One distribution, which may refer to the given policies.
    public static Checked<Distribution> distribution(DistributionDocument document, Policies policies) {
        return single(at -> DistributionReader.read(document, policies, at));
    }

    /// One custom cache policy.
    public static Checked<CachePolicy> cachePolicy(CachePolicyDocument document) {
        return single(at -> Optional.of(read(document, at)));
    }

    /// One custom origin request policy.
    public static Checked<OriginRequestPolicy> originRequestPolicy(OriginRequestPolicyDocument document) {
        return single(at -> Optional.of(read(document, at)));
    }

    /// One custom response headers policy.
    public static Checked<ResponseHeadersPolicy> responseHeadersPolicy(ResponseHeadersPolicyDocument document) {
        return single(at -> Optional.of(read(document, at)));
    }

    /// The same distribution with each policy it refers to named by id; it was read without a problem before.
    public static DistributionDocument withPolicyIds(DistributionDocument document, Policies policies) {
        var byDefault = document.defaultCacheBehavior();
        return new DistributionDocument(
                document.id(),
                document.name(),
                document.comment(),
                document.enabled(),
                document.aliases(),
                document.defaultRootObject(),
                document.origins(),
                document.originGroups(),
                byDefault == null ? null : withPolicyIds(byDefault, policies),
                list(document.cacheBehaviors()).stream()
                        .map(behavior -> withPolicyIds(behavior, policies))
                        .toList(),
                document.customErrorResponses(),
                document.restrictions(),
                document.cacheTagConfig(),
                document.viewerCertificate());
    }

    private static BehaviorDocument withPolicyIds(BehaviorDocument behavior, Policies policies) {
        return behavior.withPolicies(
                id(behavior.cachePolicyId(), name -> policies.cache(name).map(p -> p.id().value())),
                id(
                        behavior.originRequestPolicyId(),
                        name -> policies.originRequest(name).map(p -> p.id().value())),
                id(
                        behavior.responseHeadersPolicyId(),
                        name -> policies.responseHeaders(name).map(p -> p.id().value())));
    }

    private static @Nullable String id(@Nullable String reference, Function<String, Optional<String>> find) {
        return reference == null ? null : find.apply(reference).orElse(reference);
    }

    private static Policies policies(ConfigurationDocument document, Problems problems) {
        var cache = list(document.cachePolicies());
        var originRequest = list(document.originRequestPolicies());
        var responseHeaders = list(document.responseHeadersPolicies());
        unique(cache, CachePolicyDocument::id, CachePolicyDocument::name, problems.at("cachePolicies"));
        unique(
                originRequest,
                OriginRequestPolicyDocument::id,
                OriginRequestPolicyDocument::name,
                problems.at("originRequestPolicies"));
        unique(
                responseHeaders,
                ResponseHeadersPolicyDocument::id,
                ResponseHeadersPolicyDocument::name,
                problems.at("responseHeadersPolicies"));
        return new Policies(
                each(cache, problems.at("cachePolicies"), (policy, found) -> Optional.of(read(policy, found))),
                each(
                        originRequest,
                        problems.at("originRequestPolicies"),
                        (policy, found) -> Optional.of(read(policy, found))),
                each(
                        responseHeaders,
                        problems.at("responseHeadersPolicies"),
                        (policy, found) -> Optional.of(read(policy, found))));
    }

    private static CachePolicy read(CachePolicyDocument document, Problems at) {
        refuseManaged("name", document.name(), at);
        refuseManaged("id", document.id(), at);
        return PolicyReader.cache(document, false, at);
    }

    private static OriginRequestPolicy read(OriginRequestPolicyDocument document, Problems at) {
        refuseManaged("name", document.name(), at);
        refuseManaged("id", document.id(), at);
        return PolicyReader.originRequest(document, false, at);
    }

    private static ResponseHeadersPolicy read(ResponseHeadersPolicyDocument document, Problems at) {
        refuseManaged("name", document.name(), at);
        refuseManaged("id", document.id(), at);
        return PolicyReader.responseHeaders(document, false, at);
    }

    /// A custom policy under a managed policy's name or id would be mistaken for it.
    private static void refuseManaged(String property, @Nullable String said, Problems at) {
        if (said == null) return;
        var managed = ManagedPolicies.policies();
        boolean taken = managed.cache(said).isPresent()
                || managed.originRequest(said).isPresent()
                || managed.responseHeaders(said).isPresent();
        if (taken || said.startsWith("Managed-")) {
            at.at(property)
                    .add(said, "%s that no managed policy has".formatted(property.equals("id") ? "an id" : "a name"));
        }
    }

    /// What has no id of its own goes by its name, so that a name may not be another one's id either.
    private static <D> void unique(
            List<D> documents, Function<D, @Nullable String> id, Function<D, @Nullable String> name, Problems at) {
        var names = new HashSet<String>();
        var ids = new HashSet<String>();
        for (int i = 0; i < documents.size(); i++) {
            var named = name.apply(documents.get(i));
            var given = id.apply(documents.get(i));
            var identity = given == null ? named : given;
            if (identity == null) continue; // told where the name is read
            if (named != null && !names.add(named)) at.at(i).at("name").add(named, "each name once");
            else if (!ids.add(identity))
                at.at(i).at(given == null ? "name" : "id").add(identity, "each id once");
        }
    }

    /// An alias belongs to one distribution (CF§1.2); a wildcard may stand beside a name that it covers.
    private static void overlaps(List<DistributionDocument> distributions, Problems at) {
        var owners = new HashMap<String, Integer>();
        for (int i = 0; i < distributions.size(); i++) {
            var aliases = list(distributions.get(i).aliases());
            for (int j = 0; j < aliases.size(); j++) {
                var owner = owners.putIfAbsent(aliases.get(j), i);
                if (owner != null && owner != i) {
                    at.at(i)
                            .at("aliases")
                            .at(j)
                            .add(aliases.get(j), "an alias that distributions[%d] does not have".formatted(owner));
                }
            }
        }
    }

    private static <D, T> List<T> each(List<D> documents, Problems at, BiFunction<D, Problems, Optional<T>> read) {
        var values = new ArrayList<T>();
        for (int i = 0; i < documents.size(); i++)
            read.apply(documents.get(i), at.at(i)).ifPresent(values::add);
        return values;
    }

    private static <T> Checked<T> single(Function<Problems, Optional<T>> read) {
        var problems = Problems.none();
        var value = read.apply(problems);
        if (value.isPresent() && problems.isEmpty()) return new Checked.Valid<>(value.get());
        return new Checked.Invalid<>(problems.list());
    }
}
