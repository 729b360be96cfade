package dev.nearside.model.wire;

import static dev.nearside.model.wire.Documents.list;
import static dev.nearside.model.wire.Documents.or;
import static dev.nearside.model.wire.Documents.within;

import dev.nearside.model.behavior.AllowedMethods;
import dev.nearside.model.behavior.Behavior;
import dev.nearside.model.behavior.PathPattern;
import dev.nearside.model.behavior.ViewerProtocolPolicy;
import dev.nearside.model.check.Problems;
import dev.nearside.model.distribution.Distribution;
import dev.nearside.model.distribution.DistributionId;
import dev.nearside.model.distribution.HostName;
import dev.nearside.model.origin.Origin;
import dev.nearside.model.origin.OriginId;
import dev.nearside.model.origin.OriginProtocolPolicy;
import dev.nearside.model.origin.Timeouts;
import dev.nearside.model.policy.Policies;
import dev.nearside.model.policy.PolicyId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Distributions out of their documents; every problem is gathered, and none means a distribution.
final class DistributionReader {

    private static final int MAX_ALIASES = 100;
    private static final int MAX_ORIGINS = 100;
    private static final int MAX_BEHAVIORS = 75;
    private static final int MAX_CUSTOM_HEADERS = 30;
    private static final int MAX_CUSTOM_HEADERS_LENGTH = 10_240;
    private static final String ROOT_PUNCTUATION = "_-.*$/~\"'&";

    private DistributionReader() {}

    static Optional<Distribution> read(DistributionDocument document, Policies policies, Problems at) {
        int before = at.count();
        var name = Documents.name(document.name(), at);
        var id = Documents.id(document.id(), name, at);
        var comment = Documents.comment(document.comment(), at);
        var aliases = aliases(list(document.aliases()), at.at("aliases"));
        var root = defaultRootObject(document.defaultRootObject(), at.at("defaultRootObject"));
        var origins = origins(list(document.origins()), at.at("origins"));
        var targets = new HashSet<String>();
        for (var origin : list(document.origins())) if (origin.id() != null) targets.add(origin.id());

        var behaviors = new ArrayList<Behavior>();
        var patterns = new HashSet<String>();
        var listed = list(document.cacheBehaviors());
        if (listed.size() > MAX_BEHAVIORS) {
            at.at("cacheBehaviors").add("%d behaviors (expected: at most %d)".formatted(listed.size(), MAX_BEHAVIORS));
        }
        for (int i = 0; i < listed.size(); i++) {
            var place = at.at("cacheBehaviors").at(i);
            var pattern = pattern(listed.get(i).pathPattern(), patterns, place.at("pathPattern"));
            behaviors.add(behavior(listed.get(i), pattern, targets, policies, place));
        }
        if (document.defaultCacheBehavior() == null) {
            at.at("defaultCacheBehavior").add("missing (expected: the behavior of whatever no other one matches)");
            return Optional.empty();
        }
        if (document.defaultCacheBehavior().pathPattern() != null) {
            at.at("defaultCacheBehavior.pathPattern")
                    .add(document.defaultCacheBehavior().pathPattern(), "no pattern: the default behavior matches all");
        }
        var byDefault = behavior(
                document.defaultCacheBehavior(), PathPattern.ALL, targets, policies, at.at("defaultCacheBehavior"));
        if (at.count() > before) return Optional.empty();
        return Optional.of(new Distribution(
                new DistributionId(id),
                name,
                comment,
                or(document.enabled(), true),
                aliases,
                root,
                origins,
                behaviors,
                byDefault));
    }

    private static List<HostName> aliases(List<String> aliases, Problems at) {
        if (aliases.isEmpty()) at.add("empty (expected: at least one host name)");
        if (aliases.size() > MAX_ALIASES) {
            at.add("%d aliases (expected: at most %d)".formatted(aliases.size(), MAX_ALIASES));
        }
        var names = new ArrayList<HostName>();
        var seen = new HashSet<String>();
        for (int i = 0; i < aliases.size(); i++) {
            var problem = HostName.problem(aliases.get(i));
            at.at(i).add(problem);
            if (problem.isEmpty() && !seen.add(aliases.get(i))) at.at(i).add(aliases.get(i), "each alias once");
            names.add(new HostName(aliases.get(i)));
        }
        return names;
    }

    private static Optional<String> defaultRootObject(@Nullable String object, Problems at) {
        if (object == null || object.isEmpty()) return Optional.empty();
        boolean wellFormed = object.length() <= 255
                && object.chars()
                        .allMatch(c -> Character.isLetterOrDigit(c) && c < 128 || ROOT_PUNCTUATION.indexOf(c) >= 0);
        if (object.startsWith("/") || !wellFormed) {
            at.add(object, "a path without a leading slash, like index.html");
        }
        return Optional.of(object);
    }

    private static List<Origin> origins(List<OriginDocument> documents, Problems at) {
        if (documents.isEmpty()) at.add("empty (expected: at least one origin)");
        if (documents.size() > MAX_ORIGINS) {
            at.add("%d origins (expected: at most %d)".formatted(documents.size(), MAX_ORIGINS));
        }
        var origins = new ArrayList<Origin>();
        var ids = new HashSet<String>();
        for (int i = 0; i < documents.size(); i++) {
            var origin = origin(documents.get(i), at.at(i));
            if (!origin.id().value().isEmpty() && !ids.add(origin.id().value())) {
                at.at(i).at("id").add(origin.id().value(), "each id once");
            }
            origins.add(origin);
        }
        return origins;
    }

    private static Origin origin(OriginDocument document, Problems at) {
        var id = or(document.id(), "");
        if (id.isBlank() || id.length() > 128) at.at("id").add(id, "1 to 128 characters");
        var domain = Documents.lower(or(document.domainName(), ""));
        if (!HostName.isHostOrIp(domain)) {
            at.at("domainName")
                    .add(or(document.domainName(), ""), "a host name or an IP literal, without scheme and port");
        }
        var path = or(document.originPath(), "");
        if (!path.isEmpty() && (!path.startsWith("/") || path.endsWith("/") || !isVisibleAscii(path))) {
            at.at("originPath").add(path, "nothing, or a path that begins with / and does not end with it");
        }
        var protocolSaid = or(document.originProtocolPolicy(), "match-viewer");
        var protocol = switch (protocolSaid) {
            case "http-only" -> OriginProtocolPolicy.HTTP_ONLY;
            case "https-only" -> OriginProtocolPolicy.HTTPS_ONLY;
            case "match-viewer" -> OriginProtocolPolicy.MATCH_VIEWER;
            default -> {
                at.at("originProtocolPolicy").add(protocolSaid, "http-only, https-only or match-viewer");
                yield OriginProtocolPolicy.MATCH_VIEWER;
            }
        };
        var byDefault = Timeouts.DEFAULT;
        var timeouts = new Timeouts(
                within(document.connectionAttempts(), byDefault.attempts(), 1, 3, at.at("connectionAttempts")),
                seconds(document.connectionTimeout(), byDefault.connect(), 10, at.at("connectionTimeout")),
                seconds(document.originReadTimeout(), byDefault.read(), 120, at.at("originReadTimeout")),
                seconds(
                        document.originKeepaliveTimeout(),
                        byDefault.keepAlive(),
                        300,
                        at.at("originKeepaliveTimeout")));
        return new Origin(
                new OriginId(id),
                domain,
                path,
                customHeaders(list(document.customHeaders()), at.at("customHeaders")),
                protocol,
                port(document.httpPort(), 80, at.at("httpPort")),
                port(document.httpsPort(), 443, at.at("httpsPort")),
                timeouts);
    }

    private static Duration seconds(@Nullable Integer said, Duration otherwise, int most, Problems at) {
        return Duration.ofSeconds(within(said, (int) otherwise.toSeconds(), 1, most, at));
    }

    private static int port(@Nullable Integer said, int otherwise, Problems at) {
        int port = or(said, otherwise);
        if (port != 80 && port != 443 && (port < 1024 || port > 65_535)) at.add(port, "80, 443 or 1024 to 65535");
        return port;
    }

    private static List<Origin.Header> customHeaders(List<OriginDocument.CustomHeader> documents, Problems at) {
        if (documents.size() > MAX_CUSTOM_HEADERS) {
            at.add("%d headers (expected: at most %d)".formatted(documents.size(), MAX_CUSTOM_HEADERS));
        }
        var headers = new ArrayList<Origin.Header>();
        int length = 0;
        for (int i = 0; i < documents.size(); i++) {
            var name = or(documents.get(i).name(), "");
            var value = or(documents.get(i).value(), "");
            length += name.length() + value.length();
            if (!HeaderRules.isToken(name)) at.at(i).at("name").add(name, "a header name");
            else if (!HeaderRules.mayBeSentToOrigin(Documents.lower(name))) {
                at.at(i).at("name").add(name, "a header that may be set for an origin");
            }
            // The value may be a secret: it is not repeated.
            if (!HeaderRules.isValue(value))
                at.at(i).at("value").add("not a header value (expected: visible characters)");
            headers.add(new Origin.Header(name, value));
        }
        if (length > MAX_CUSTOM_HEADERS_LENGTH) {
            at.add("%d characters in all (expected: at most %d)".formatted(length, MAX_CUSTOM_HEADERS_LENGTH));
        }
        return headers;
    }

    private static PathPattern pattern(@Nullable String text, Set<String> seen, Problems at) {
        if (text == null) {
            at.add("missing (expected: a path pattern)");
            return PathPattern.ALL;
        }
        var problem = PathPattern.problem(text);
        at.add(problem);
        if (problem.isEmpty() && !seen.add(text)) at.add(text, "each pattern once");
        return new PathPattern(text);
    }

    private static Behavior behavior(
            BehaviorDocument document, PathPattern pattern, Set<String> targets, Policies policies, Problems at) {
        var target = or(document.targetOriginId(), "");
        if (!targets.contains(target)) at.at("targetOriginId").add(target, "the id of one of the origins");
        var protocolSaid = or(document.viewerProtocolPolicy(), "allow-all");
        var protocol = switch (protocolSaid) {
            case "allow-all" -> ViewerProtocolPolicy.ALLOW_ALL;
            case "redirect-to-https" -> ViewerProtocolPolicy.REDIRECT_TO_HTTPS;
            case "https-only" -> ViewerProtocolPolicy.HTTPS_ONLY;
            default -> {
                at.at("viewerProtocolPolicy").add(protocolSaid, "allow-all, redirect-to-https or https-only");
                yield ViewerProtocolPolicy.ALLOW_ALL;
            }
        };
        var allowed = allowedMethods(document.allowedMethods(), at.at("allowedMethods"));
        return new Behavior(
                pattern,
                new OriginId(target),
                protocol,
                allowed,
                cachesOptions(document.cachedMethods(), allowed, at.at("cachedMethods")),
                reference(
                                document.cachePolicyId(),
                                "cache policy",
                                name -> policies.cache(name).map(p -> p.id()),
                                at.at("cachePolicyId"))
                        .or(() -> missing(document.cachePolicyId(), at.at("cachePolicyId")))
                        .orElse(new PolicyId("")),
                reference(
                        document.originRequestPolicyId(),
                        "origin request policy",
                        name -> policies.originRequest(name).map(p -> p.id()),
                        at.at("originRequestPolicyId")),
                reference(
                        document.responseHeadersPolicyId(),
                        "response headers policy",
                        name -> policies.responseHeaders(name).map(p -> p.id()),
                        at.at("responseHeadersPolicyId")));
    }

    private static Optional<PolicyId> missing(@Nullable String reference, Problems at) {
        if (reference == null) at.add("missing (expected: the id or name of a cache policy)");
        return Optional.empty();
    }

    private static Optional<PolicyId> reference(
            @Nullable String reference, String kind, Function<String, Optional<PolicyId>> find, Problems at) {
        if (reference == null) return Optional.empty();
        var found = find.apply(reference);
        if (found.isEmpty()) at.add(reference, "the id or name of an existing " + kind);
        return found;
    }

    private static AllowedMethods allowedMethods(@Nullable List<String> methods, Problems at) {
        if (methods == null) return AllowedMethods.GET_HEAD;
        var said = Set.copyOf(methods);
        for (var legal : AllowedMethods.values()) if (legal.names().equals(said)) return legal;
        at.add(methods, "[GET, HEAD], [GET, HEAD, OPTIONS] or [GET, HEAD, OPTIONS, PUT, POST, PATCH, DELETE]");
        return AllowedMethods.GET_HEAD;
    }

    private static boolean cachesOptions(@Nullable List<String> methods, AllowedMethods allowed, Problems at) {
        if (methods == null) return false;
        var said = Set.copyOf(methods);
        if (said.equals(AllowedMethods.GET_HEAD.names())) return false;
        if (said.equals(AllowedMethods.GET_HEAD_OPTIONS.names())) {
            if (!allowed.allows("OPTIONS")) at.add(methods, "no OPTIONS where it is not allowed");
            return true;
        }
        at.add(methods, "[GET, HEAD] or [GET, HEAD, OPTIONS]");
        return false;
    }

    private static boolean isVisibleAscii(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 127);
    }
}
