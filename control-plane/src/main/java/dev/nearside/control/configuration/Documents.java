package dev.nearside.control.configuration;

import dev.nearside.model.check.Checked;
import dev.nearside.model.policy.CachePolicy;
import dev.nearside.model.policy.OriginRequestPolicy;
import dev.nearside.model.policy.Policies;
import dev.nearside.model.policy.ResponseHeadersPolicy;
import dev.nearside.model.wire.CachePolicyDocument;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.ConfigurationReader;
import dev.nearside.model.wire.DistributionDocument;
import dev.nearside.model.wire.ManagedPolicies;
import dev.nearside.model.wire.OriginRequestPolicyDocument;
import dev.nearside.model.wire.ResponseHeadersPolicyDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Some documents, sorted by kind.
public record Documents(
        List<DistributionDocument> distributions,
        List<CachePolicyDocument> cachePolicies,
        List<OriginRequestPolicyDocument> originRequestPolicies,
        List<ResponseHeadersPolicyDocument> responseHeadersPolicies) {

    public static Documents of(Iterable<Document> documents) {
        var sorted = new Documents(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (var document : documents) {
            switch (document) {
                case Document.OfDistribution(var content) -> sorted.distributions.add(content);
                case Document.OfCachePolicy(var content) -> sorted.cachePolicies.add(content);
                case Document.OfOriginRequestPolicy(var content) -> sorted.originRequestPolicies.add(content);
                case Document.OfResponseHeadersPolicy(var content) -> sorted.responseHeadersPolicies.add(content);
            }
        }
        return sorted;
    }

    /// The documents of a configuration, policies first, each list in its order.
    public static List<Document> of(ConfigurationDocument configuration) {
        return Stream.of(
                        list(configuration.cachePolicies()).stream().<Document>map(Document.OfCachePolicy::new),
                        list(configuration.originRequestPolicies()).stream()
                                .<Document>map(Document.OfOriginRequestPolicy::new),
                        list(configuration.responseHeadersPolicies()).stream()
                                .<Document>map(Document.OfResponseHeadersPolicy::new),
                        list(configuration.distributions()).stream().<Document>map(Document.OfDistribution::new))
                .flatMap(documents -> documents)
                .toList();
    }

    /// As one configuration.
    public ConfigurationDocument configuration() {
        return new ConfigurationDocument(distributions, cachePolicies, originRequestPolicies, responseHeadersPolicies);
    }

    /// The policies among these that have no problem, and all managed ones.
    public Policies policies() {
        return new Policies(
                        cachePolicies.stream()
                                .map(ConfigurationReader::cachePolicy)
                                .<CachePolicy>flatMap(Documents::usable)
                                .toList(),
                        originRequestPolicies.stream()
                                .map(ConfigurationReader::originRequestPolicy)
                                .<OriginRequestPolicy>flatMap(Documents::usable)
                                .toList(),
                        responseHeadersPolicies.stream()
                                .map(ConfigurationReader::responseHeadersPolicy)
                                .<ResponseHeadersPolicy>flatMap(Documents::usable)
                                .toList())
                .and(ManagedPolicies.policies());
    }

    private static <T> Stream<T> usable(Checked<T> read) {
        return switch (read) {
            case Checked.Valid<T>(var value) -> Stream.of(value);
            case Checked.Invalid<T> _ -> Stream.empty();
        };
    }

    private static <T> List<T> list(@Nullable List<T> maybe) {
        return maybe == null ? List.of() : maybe;
    }
}
