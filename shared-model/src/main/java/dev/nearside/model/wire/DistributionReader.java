package dev.nearside.model.wire;

import static dev.nearside.model.wire.Documents.list;
import static dev.nearside.model.wire.Documents.or;
import static dev.nearside.model.wire.Documents.within;

import dev.nearside.model.behavior.AllowedMethods;
import dev.nearside.model.behavior.Behavior;
import dev.nearside.model.behavior.PathPattern;
import dev.nearside.model.behavior.ViewerProtocolPolicy;
import dev.nearside.model.check.Problems;
import dev.nearside.model.distribution.CustomError;
import dev.nearside.model.distribution.Distribution;
import dev.nearside.model.distribution.DistributionId;
import dev.nearside.model.distribution.GeoRestriction;
import dev.nearside.model.distribution.HostName;
import dev.nearside.model.origin.HealthCheck;
import dev.nearside.model.origin.Origin;
import dev.nearside.model.origin.OriginGroup;
import dev.nearside.model.origin.OriginId;
import dev.nearside.model.origin.OriginProtocolPolicy;
import dev.nearside.model.origin.Timeouts;
import dev.nearside.model.policy.Policies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Distributions out of their documents; every problem is gathered, and none means a distribution.
final class DistributionReader {

    private static final int MAX_ALIASES = 100;
    private static final int MAX_ORIGINS = 100;
    private static final int MAX_BEHAVIORS = 75;
    private static final int MAX_ORIGIN_GROUPS = 10;
    private static final Set<Integer> FAILOVER_STATUSES = Set.of(400, 403, 404, 416, 429, 500, 502, 503, 504);
    private static final Set<Integer> CUSTOM_ERRORS = Set.of(400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504);
    private static final String CUSTOM_ERRORS_TEXT = "400, 403, 404, 405, 414, 416, 500, 501, 502, 503 or 504";
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
        var groups = originGroups(list(document.originGroups()), Set.copyOf(targets), at.at("originGroups"));
        for (var group : groups) targets.add(group.id().value());

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
        var errors = customErrors(list(document.customErrorResponses()), at.at("customErrorResponses"));
        var geo = geoRestriction(document.restrictions(), at.at("restrictions.geoRestriction"));
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
                groups,
                errors,
                geo,
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
                seconds(document.originKeepaliveTimeout(), byDefault.keepAlive(), 300, at.at("originKeepaliveTimeout")),
                completion(document, at.at("responseCompletionTimeout")));
        return new Origin(
                new OriginId(id),
                domain,
                path,
                customHeaders(list(document.customHeaders()), at.at("customHeaders")),
                protocol,
                port(document.httpPort(), 80, at.at("httpPort")),
                port(document.httpsPort(), 443, at.at("httpsPort")),
                timeouts,
                healthCheck(document.healthCheck(), at.at("healthCheck")));
    }

    private static Optional<Duration> completion(OriginDocument document, Problems at) {
        var said = document.responseCompletionTimeout();
        if (said == null) return Optional.empty();
        int read =
                or(document.originReadTimeout(), (int) Timeouts.DEFAULT.read().toSeconds());
        if (said < read) at.add(said, "originReadTimeout, %d, or more".formatted(read));
        return Optional.of(Duration.ofSeconds(said));
    }

    private static Optional<HealthCheck> healthCheck(OriginDocument.@Nullable HealthCheck check, Problems at) {
        if (check == null) return Optional.empty();
        var path = or(check.path(), "");
        if (!path.startsWith("/") || !isVisibleAscii(path)) at.at("path").add(path, "a path that begins with /");
        return Optional.of(new HealthCheck(
                path,
                Duration.ofSeconds(within(check.interval(), 10, 1, 300, at.at("interval"))),
                Duration.ofSeconds(within(check.timeout(), 5, 1, 60, at.at("timeout"))),
                within(check.unhealthyThreshold(), 3, 1, 10, at.at("unhealthyThreshold")),
                within(check.healthyThreshold(), 2, 1, 10, at.at("healthyThreshold"))));
    }

    private static List<OriginGroup> originGroups(
            List<DistributionDocument.OriginGroup> documents, Set<String> origins, Problems at) {
        if (documents.size() > MAX_ORIGIN_GROUPS) {
            at.add("%d groups (expected: at most %d)".formatted(documents.size(), MAX_ORIGIN_GROUPS));
        }
        var groups = new ArrayList<OriginGroup>();
        var ids = new HashSet<>(origins);
        for (int i = 0; i < documents.size(); i++) {
            var document = documents.get(i);
            var place = at.at(i);
            var id = or(document.id(), "");
            if (id.isBlank() || id.length() > 128) place.at("id").add(id, "1 to 128 characters");
            else if (!ids.add(id)) place.at("id").add(id, "an id that no origin and no other group has");
            var members = list(document.members());
            if (members.size() != 2) {
                place.at("members").add("%d members (expected: 2, the primary first)".formatted(members.size()));
            }
            for (int j = 0; j < members.size(); j++) {
                var member = or(members.get(j).originId(), "");
                var where = place.at("members").at(j).at("originId");
                if (!origins.contains(member)) where.add(member, "the id of one of the origins");
                else if (j == 1 && member.equals(members.getFirst().originId())) where.add(member, "another origin");
            }
            var criteria = document.failoverCriteria();
            var statuses = criteria == null ? List.<Integer>of() : list(criteria.statusCodes());
            var listed = place.at("failoverCriteria.statusCodes");
            if (statuses.isEmpty()) listed.add("empty (expected: at least one status)");
            for (int j = 0; j < statuses.size(); j++) {
                if (!FAILOVER_STATUSES.contains(statuses.get(j))) {
                    listed.at(j).add(statuses.get(j), "400, 403, 404, 416, 429, 500, 502, 503 or 504");
                }
            }
            if (members.size() == 2) {
                groups.add(new OriginGroup(
                        new OriginId(id),
                        new OriginId(or(members.getFirst().originId(), "")),
                        new OriginId(or(members.getLast().originId(), "")),
                        Set.copyOf(statuses)));
            }
        }
        return groups;
    }

    private static List<CustomError> customErrors(
            List<DistributionDocument.CustomErrorResponse> documents, Problems at) {
        var errors = new ArrayList<CustomError>();
        var seen = new HashSet<Integer>();
        for (int i = 0; i < documents.size(); i++) {
            var document = documents.get(i);
            var place = at.at(i);
            int status = or(document.errorCode(), 0);
            if (!CUSTOM_ERRORS.contains(status)) place.at("errorCode").add(status, CUSTOM_ERRORS_TEXT);
            else if (!seen.add(status)) place.at("errorCode").add(status, "each status once");
            var path = or(document.responsePagePath(), "");
            if (path.isEmpty() != (document.responseCode() == null)) {
                place.at(path.isEmpty() ? "responsePagePath" : "responseCode")
                        .add("missing (expected: responsePagePath and responseCode, or neither)");
            }
            if (!path.isEmpty() && (!path.startsWith("/") || path.length() > 4000 || !isVisibleAscii(path))) {
                place.at("responsePagePath").add(path, "a path that begins with /");
            }
            int code = or(document.responseCode(), 200);
            if (code != 200 && !CUSTOM_ERRORS.contains(code)) {
                place.at("responseCode").add(code, "200, " + CUSTOM_ERRORS_TEXT);
            }
            var byDefault = (int) CustomError.DEFAULT_MIN_TTL.toSeconds();
            var minTtl = within(
                    document.errorCachingMinTTL(), byDefault, 0, Integer.MAX_VALUE, place.at("errorCachingMinTTL"));
            errors.add(new CustomError(
                    status,
                    path.isEmpty() ? Optional.empty() : Optional.of(new CustomError.Page(path, code)),
                    Duration.ofSeconds(minTtl)));
        }
        return errors;
    }

    private static GeoRestriction geoRestriction(
            DistributionDocument.@Nullable Restrictions restrictions, Problems at) {
        var document = restrictions == null ? null : restrictions.geoRestriction();
        if (document == null) return new GeoRestriction.None();
        var type = or(document.restrictionType(), "none");
        var items = list(document.items());
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i);
            boolean country = item.length() == 2 && item.chars().allMatch(c -> c >= 'A' && c <= 'Z');
            if (!country) at.at("items").at(i).add(item, "an ISO 3166-1 code of two upper-case letters");
        }
        boolean wanted = !type.equals("none");
        if (wanted && items.isEmpty()) at.at("items").add("empty (expected: at least one country)");
        if (!wanted && !items.isEmpty()) at.at("items").add(items, "no countries beside \"none\"");
        return switch (type) {
            case "none" -> new GeoRestriction.None();
            case "whitelist" -> new GeoRestriction.Only(Set.copyOf(items));
            case "blacklist" -> new GeoRestriction.AllExcept(Set.copyOf(items));
            default -> {
                at.at("restrictionType").add(type, "none, whitelist or blacklist");
                yield new GeoRestriction.None();
            }
        };
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
                or(document.compress(), false),
                CachingReader.read(document, policies, at),
                CachingReader.reference(
                        document.responseHeadersPolicyId(),
                        "response headers policy",
                        name -> policies.responseHeaders(name).map(p -> p.id()),
                        at.at("responseHeadersPolicyId")));
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
