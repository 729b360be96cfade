package dev.nearside.control.configuration;

import dev.nearside.model.behavior.Behavior;
import dev.nearside.model.behavior.Caching;
import dev.nearside.model.check.Checked;
import dev.nearside.model.distribution.Distribution;
import dev.nearside.model.distribution.HostName;
import dev.nearside.model.policy.Policies;
import dev.nearside.model.policy.PolicyId;
import dev.nearside.model.wire.CachePolicyDocument;
import dev.nearside.model.wire.ConfigurationReader;
import dev.nearside.model.wire.DistributionDocument;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.OriginRequestPolicyDocument;
import dev.nearside.model.wire.ResponseHeadersPolicyDocument;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A document of one of the four kinds, as an operator wrote it.
public sealed interface Document {

    record OfDistribution(DistributionDocument content) implements Document {}

    record OfCachePolicy(CachePolicyDocument content) implements Document {}

    record OfOriginRequestPolicy(OriginRequestPolicyDocument content) implements Document {}

    record OfResponseHeadersPolicy(ResponseHeadersPolicyDocument content) implements Document {}

    /// The record that is written as JSON.
    Record content();

    default Kind kind() {
        return switch (this) {
            case OfDistribution _ -> Kind.DISTRIBUTION;
            case OfCachePolicy _ -> Kind.CACHE_POLICY;
            case OfOriginRequestPolicy _ -> Kind.ORIGIN_REQUEST_POLICY;
            case OfResponseHeadersPolicy _ -> Kind.RESPONSE_HEADERS_POLICY;
        };
    }

    default Optional<String> id() {
        return Optional.ofNullable(
                switch (this) {
                    case OfDistribution(var content) -> content.id();
                    case OfCachePolicy(var content) -> content.id();
                    case OfOriginRequestPolicy(var content) -> content.id();
                    case OfResponseHeadersPolicy(var content) -> content.id();
                });
    }

    default Optional<String> name() {
        return Optional.ofNullable(
                switch (this) {
                    case OfDistribution(var content) -> content.name();
                    case OfCachePolicy(var content) -> content.name();
                    case OfOriginRequestPolicy(var content) -> content.name();
                    case OfResponseHeadersPolicy(var content) -> content.name();
                });
    }

    default Document withId(String id) {
        return switch (this) {
            case OfDistribution(var content) -> new OfDistribution(content.withId(id));
            case OfCachePolicy(var content) -> new OfCachePolicy(content.withId(id));
            case OfOriginRequestPolicy(var content) -> new OfOriginRequestPolicy(content.withId(id));
            case OfResponseHeadersPolicy(var content) -> new OfResponseHeadersPolicy(content.withId(id));
        };
    }

    /// The same document with every policy named by id.
    default Document withPolicyIds(Policies policies) {
        return switch (this) {
            case OfDistribution(var content) ->
                new OfDistribution(ConfigurationReader.withPolicyIds(content, policies));
            case OfCachePolicy _, OfOriginRequestPolicy _, OfResponseHeadersPolicy _ -> this;
        };
    }

    /// The same document with its certificate named by id.
    default Document withCertificateId(List<KnownCertificate> certificates) {
        return switch (this) {
            case OfDistribution(var content) -> new OfDistribution(withCertificateId(content, certificates));
            case OfCachePolicy _, OfOriginRequestPolicy _, OfResponseHeadersPolicy _ -> this;
        };
    }

    private static DistributionDocument withCertificateId(
            DistributionDocument content, List<KnownCertificate> certificates) {
        var shown = content.viewerCertificate();
        if (shown == null || shown.certificateId() == null) return content;
        return KnownCertificate.find(shown.certificateId(), certificates)
                .map(known -> content.withCertificate(new DistributionDocument.ViewerCertificate(known.id())))
                .orElse(content);
    }

    /// The ids of the policies that a stored document selects.
    default Set<String> selected() {
        return switch (this) {
            case OfDistribution(var content) ->
                Stream.concat(
                                Stream.ofNullable(content.cacheBehaviors()).flatMap(List::stream),
                                Stream.ofNullable(content.defaultCacheBehavior()))
                        .flatMap(behavior -> Stream.of(
                                        Optional.ofNullable(behavior.cachePolicyId()),
                                        Optional.ofNullable(behavior.originRequestPolicyId()),
                                        Optional.ofNullable(behavior.responseHeadersPolicyId()))
                                .flatMap(Optional::stream))
                        .collect(Collectors.toSet());
            case OfCachePolicy _, OfOriginRequestPolicy _, OfResponseHeadersPolicy _ -> Set.of();
        };
    }

    /// What the document claims, or every problem it has of its own.
    ///
    /// @param policies all that it may refer to
    default Checked<Claims> read(Policies policies) {
        return switch (this) {
            case OfDistribution(var content) ->
                ConfigurationReader.distribution(content, policies).then(value -> Checked.of(claims(value), List.of()));
            case OfCachePolicy(var content) -> nothing(ConfigurationReader.cachePolicy(content));
            case OfOriginRequestPolicy(var content) -> nothing(ConfigurationReader.originRequestPolicy(content));
            case OfResponseHeadersPolicy(var content) -> nothing(ConfigurationReader.responseHeadersPolicy(content));
        };
    }

    private static <T> Checked<Claims> nothing(Checked<T> policy) {
        return policy.then(_ -> new Checked.Valid<>(Claims.NONE));
    }

    private static Claims claims(Distribution distribution) {
        var behaviors = Stream.concat(distribution.behaviors().stream(), Stream.of(distribution.defaultBehavior()))
                .toList();
        return new Claims(
                distribution.aliases().stream().map(HostName::value).collect(Collectors.toSet()),
                behaviors.stream()
                        .flatMap(Document::policies)
                        .map(PolicyId::value)
                        .collect(Collectors.toSet()));
    }

    private static Stream<PolicyId> policies(Behavior behavior) {
        var caching = switch (behavior.caching()) {
            case Caching.ByPolicy(var cache, var originRequest) ->
                Stream.concat(Stream.of(cache), originRequest.stream());
            case Caching.Legacy _ -> Stream.<PolicyId>empty();
        };
        return Stream.concat(caching, behavior.responseHeadersPolicy().stream());
    }

    /// A document as it was stored: it was read without a problem before.
    static Document stored(Version version) {
        return switch (version.kind()) {
            case DISTRIBUTION -> new OfDistribution(bind(version, DistributionDocument.class));
            case CACHE_POLICY -> new OfCachePolicy(bind(version, CachePolicyDocument.class));
            case ORIGIN_REQUEST_POLICY -> new OfOriginRequestPolicy(bind(version, OriginRequestPolicyDocument.class));
            case RESPONSE_HEADERS_POLICY ->
                new OfResponseHeadersPolicy(bind(version, ResponseHeadersPolicyDocument.class));
        };
    }

    private static <T extends Record> T bind(Version version, Class<T> type) {
        return switch (Json.read(version.document(), type)) {
            case Checked.Valid<T>(var document) -> document;
            case Checked.Invalid<T>(var problems) ->
                throw new IllegalStateException("stored %s %s, version %d: %s"
                        .formatted(version.kind().words(), version.id(), version.number(), problems));
        };
    }

    /// A document of the given kind out of the body of a request.
    static Checked<Document> read(Kind kind, byte[] json) {
        return switch (kind) {
            case DISTRIBUTION ->
                Json.read(json, DistributionDocument.class)
                        .then(content -> new Checked.Valid<>(new OfDistribution(content)));
            case CACHE_POLICY ->
                Json.read(json, CachePolicyDocument.class)
                        .then(content -> new Checked.Valid<>(new OfCachePolicy(content)));
            case ORIGIN_REQUEST_POLICY ->
                Json.read(json, OriginRequestPolicyDocument.class)
                        .then(content -> new Checked.Valid<>(new OfOriginRequestPolicy(content)));
            case RESPONSE_HEADERS_POLICY ->
                Json.read(json, ResponseHeadersPolicyDocument.class)
                        .then(content -> new Checked.Valid<>(new OfResponseHeadersPolicy(content)));
        };
    }
}
