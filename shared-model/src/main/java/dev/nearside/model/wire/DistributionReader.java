package dev.nearside.model.wire;

import static dev.nearside.model.wire.Documents.atMost;
import static dev.nearside.model.wire.Documents.each;
import static dev.nearside.model.wire.Documents.list;
import static dev.nearside.model.wire.Documents.or;

import dev.nearside.model.check.Problems;
import dev.nearside.model.distribution.CertificateId;
import dev.nearside.model.distribution.Distribution;
import dev.nearside.model.distribution.DistributionId;
import dev.nearside.model.distribution.HostName;
import dev.nearside.model.policy.Policies;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Distributions out of their documents; every problem is gathered, and none means a distribution.
final class DistributionReader {

    private static final int MAX_ALIASES = 100;
    private static final int MAX_ROOT_OBJECT = 255;
    private static final String ROOT_PUNCTUATION = "_-.*$/~\"'&";

    private DistributionReader() {}

    static Optional<Distribution> read(DistributionDocument document, Policies policies, Problems at) {
        int before = at.count();
        var name = Documents.name(document.name(), at);
        var id = Documents.id(document.id(), name, at);
        var comment = Documents.comment(document.comment(), at);
        var aliases = aliases(list(document.aliases()), at.at("aliases"));
        var root = defaultRootObject(document.defaultRootObject(), at.at("defaultRootObject"));
        var origins = OriginReader.read(list(document.origins()), at.at("origins"));
        var groups = OriginGroupReader.read(list(document.originGroups()), origins(document), at.at("originGroups"));
        var errors = CustomErrorReader.read(list(document.customErrorResponses()), at.at("customErrorResponses"));
        var geo = GeoRestrictionReader.read(document.restrictions(), at.at("restrictions.geoRestriction"));
        var tagHeader = tagHeader(document.cacheTagConfig(), at.at("cacheTagConfig.headerName"));
        var certificate = certificate(document.viewerCertificate(), at.at("viewerCertificate.certificateId"));
        var reader = new BehaviorReader(targets(document), policies);
        var behaviors = reader.ordered(list(document.cacheBehaviors()), at.at("cacheBehaviors"));
        var byDefault = reader.byDefault(document.defaultCacheBehavior(), at.at("defaultCacheBehavior"));
        if (byDefault.isEmpty() || at.count() > before) return Optional.empty();
        return Optional.of(new Distribution(
                new DistributionId(id),
                name,
                comment,
                or(document.enabled(), true),
                aliases,
                root,
                origins,
                groups,
                errors,
                geo,
                tagHeader,
                certificate,
                behaviors,
                byDefault.get()));
    }

    private static Set<String> origins(DistributionDocument document) {
        return list(document.origins()).stream()
                .flatMap(origin -> Stream.ofNullable(origin.id()))
                .collect(Collectors.toSet());
    }

    /// What a behavior may send its requests to.
    private static Set<String> targets(DistributionDocument document) {
        var groups = list(document.originGroups()).stream().flatMap(group -> Stream.ofNullable(group.id()));
        return Stream.concat(origins(document).stream(), groups).collect(Collectors.toSet());
    }

    private static List<HostName> aliases(List<String> aliases, Problems at) {
        if (aliases.isEmpty()) at.add("empty (expected: at least one host name)");
        atMost(MAX_ALIASES, "aliases", aliases, at);
        var seen = new HashSet<String>();
        return each(aliases, at, (alias, place) -> {
            var problem = HostName.problem(alias);
            place.add(problem);
            if (problem.isEmpty() && !seen.add(alias)) place.add(alias, "each alias once");
            return new HostName(alias);
        });
    }

    private static Optional<String> defaultRootObject(@Nullable String object, Problems at) {
        if (object == null || object.isEmpty()) return Optional.empty();
        boolean wellFormed =
                object.length() <= MAX_ROOT_OBJECT && object.chars().allMatch(DistributionReader::inRootObject);
        if (object.startsWith("/") || !wellFormed) {
            at.add(object, "a path without a leading slash, like index.html");
        }
        return Optional.of(object);
    }

    private static Optional<String> tagHeader(DistributionDocument.@Nullable CacheTagConfig config, Problems at) {
        if (config == null) return Optional.empty();
        var name = config.headerName();
        if (name == null) {
            at.add("missing (expected: a header name)");
            return Optional.empty();
        }
        if (!HeaderRules.isToken(name)) at.add(name, "a header name");
        return Optional.of(name);
    }

    private static Optional<CertificateId> certificate(
            DistributionDocument.@Nullable ViewerCertificate said, Problems at) {
        if (said == null) return Optional.empty();
        var id = said.certificateId();
        if (id == null) {
            at.add("missing (expected: the id or the name of a certificate)");
            return Optional.empty();
        }
        if (!Documents.isName(id)) at.add(id, "the id or the name of a certificate");
        return Optional.of(new CertificateId(id));
    }

    private static boolean inRootObject(int c) {
        return c < 128 && Character.isLetterOrDigit(c) || ROOT_PUNCTUATION.indexOf(c) >= 0;
    }
}
