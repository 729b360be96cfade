package dev.nearside.model.wire;

import static dev.nearside.model.wire.Documents.list;
import static dev.nearside.model.wire.Documents.lower;
import static dev.nearside.model.wire.Documents.or;

import dev.nearside.model.check.Problems;
import dev.nearside.model.policy.CachePolicy;
import dev.nearside.model.policy.HeaderSelection;
import dev.nearside.model.policy.NameSelection;
import dev.nearside.model.policy.OriginRequestPolicy;
import dev.nearside.model.policy.PolicyId;
import dev.nearside.model.policy.ResponseHeadersPolicy;
import dev.nearside.model.policy.Reuse;
import dev.nearside.model.policy.TtlBounds;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Policies out of their documents. Every problem is gathered; with one, the policy stands in for itself, so that
/// what refers to it is not blamed as well.
final class PolicyReader {

    private static final long DAY = 86_400;
    private static final long YEAR = 365 * DAY;
    private static final long HUNDRED_YEARS = 100 * YEAR;
    private static final int MAX_NAMES = 10;
    private static final int MAX_NAMES_LENGTH = 1024;
    private static final Set<String> FRAME_OPTIONS = Set.of("DENY", "SAMEORIGIN");
    private static final Set<String> CORS_METHODS =
            Set.of("GET", "DELETE", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "ALL");
    private static final Set<String> REFERRER_POLICIES = Set.of(
            "no-referrer",
            "no-referrer-when-downgrade",
            "origin",
            "origin-when-cross-origin",
            "same-origin",
            "strict-origin",
            "strict-origin-when-cross-origin",
            "unsafe-url");

    private PolicyReader() {}

    static CachePolicy cache(CachePolicyDocument policy, boolean managed, Problems at) {
        int before = at.count();
        var name = Documents.name(policy.name(), at);
        var id = Documents.id(policy.id(), name, at);
        Documents.comment(policy.comment(), at);
        var ttl = ttl(policy, at);
        var headers = keyHeaders(policy, managed, at.at("headersConfig"));
        var cookies = cookies(policy.cookiesConfig(), at.at("cookiesConfig"));
        var queries = queries(policy.queryStringsConfig(), at.at("queryStringsConfig"));
        boolean gzip = or(policy.enableAcceptEncodingGzip(), false);
        boolean brotli = or(policy.enableAcceptEncodingBrotli(), false);
        if (at.count() == before && ttl.disableCaching()) {
            var expected = "nothing in the key of a policy that disables caching, with all TTLs zero";
            if (!headers.isEmpty()) at.at("headersConfig").add(headers, expected);
            if (!(cookies instanceof NameSelection.None))
                at.at("cookiesConfig.cookieBehavior").add(cookies, expected);
            if (!(queries instanceof NameSelection.None)) {
                at.at("queryStringsConfig.queryStringBehavior").add(queries, expected);
            }
            if (gzip) at.at("enableAcceptEncodingGzip").add(true, expected);
            if (brotli) at.at("enableAcceptEncodingBrotli").add(true, expected);
        }
        var byDefault = managed ? Reuse.MANAGED : Reuse.CAREFUL;
        var reuse = new Reuse(
                or(policy.minTTLOverridesOrigin(), byDefault.overridesOrigin()),
                or(policy.heuristicFreshness(), byDefault.heuristicFreshness()),
                or(policy.replaySetCookie(), byDefault.replaysSetCookie()));
        return new CachePolicy(new PolicyId(id), name, managed, ttl, headers, cookies, queries, gzip, brotli, reuse);
    }

    static OriginRequestPolicy originRequest(OriginRequestPolicyDocument policy, boolean managed, Problems at) {
        var name = Documents.name(policy.name(), at);
        var id = Documents.id(policy.id(), name, at);
        Documents.comment(policy.comment(), at);
        var headers = forwardedHeaders(policy.headersConfig(), managed, at.at("headersConfig"));
        var cookies = cookies(policy.cookiesConfig(), at.at("cookiesConfig"));
        var queries = queries(policy.queryStringsConfig(), at.at("queryStringsConfig"));
        return new OriginRequestPolicy(new PolicyId(id), name, headers, cookies, queries);
    }

    static ResponseHeadersPolicy responseHeaders(ResponseHeadersPolicyDocument policy, boolean managed, Problems at) {
        var name = Documents.name(policy.name(), at);
        var id = Documents.id(policy.id(), name, at);
        Documents.comment(policy.comment(), at);
        var cors = cors(policy.corsConfig(), managed, at.at("corsConfig"));
        var security = security(policy.securityHeadersConfig(), at.at("securityHeadersConfig"));
        var custom = customHeaders(list(policy.customHeadersConfig()), at.at("customHeadersConfig"));
        var remove = new HashSet<String>();
        var removed = list(policy.removeHeadersConfig());
        for (int i = 0; i < removed.size(); i++) {
            var header = lower(removed.get(i));
            var place = at.at("removeHeadersConfig").at(i);
            if (!HeaderRules.isToken(header)) place.add(header, "a header name");
            else if (!HeaderRules.mayBeRemoved(header)) place.add(header, "a header that may be removed");
            else if (!remove.add(header)) place.add(header, "each header once");
        }
        var timing = serverTiming(policy.serverTimingHeadersConfig(), at.at("serverTimingHeadersConfig"));
        return new ResponseHeadersPolicy(new PolicyId(id), name, cors, security, custom, remove, timing);
    }

    private static Optional<ResponseHeadersPolicy.ServerTiming> serverTiming(
            ResponseHeadersPolicyDocument.@Nullable ServerTimingHeadersConfig config, Problems at) {
        if (config == null) return Optional.empty();
        double rate = or(config.samplingRate(), 0.0);
        if (rate < 0
                || rate > 100
                || BigDecimal.valueOf(rate).stripTrailingZeros().scale() > 4) {
            at.at("samplingRate").add(rate, "0 to 100 percent, with four decimals at most");
        }
        return or(config.enabled(), false)
                ? Optional.of(new ResponseHeadersPolicy.ServerTiming(rate))
                : Optional.empty();
    }

    private static TtlBounds ttl(CachePolicyDocument policy, Problems at) {
        if (policy.minTTL() == null) {
            at.at("minTTL").add("missing (expected: seconds)");
            return new TtlBounds(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        }
        return ttl(policy.minTTL(), policy.defaultTTL(), policy.maxTTL(), at);
    }

    /// The three TTLs, in seconds; the latter two with their defaults (CF§2.6).
    static TtlBounds ttl(long min, @Nullable Long saidDefault, @Nullable Long saidMax, Problems at) {
        var none = new TtlBounds(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        long byDefault = or(saidDefault, Math.max(DAY, min));
        long max = or(saidMax, Math.max(YEAR, byDefault));
        if (min < 0 || min > HUNDRED_YEARS) {
            at.at("minTTL").add(min, "zero to a hundred years, in seconds");
            return none;
        }
        if (byDefault < min) {
            at.at("defaultTTL").add(byDefault, "minTTL, %d, or more".formatted(min));
            return none;
        }
        if (max < byDefault) {
            at.at("maxTTL").add(max, "defaultTTL, %d, or more".formatted(byDefault));
            return none;
        }
        if (max > HUNDRED_YEARS) {
            at.at("maxTTL").add(max, "at most a hundred years, in seconds");
            return none;
        }
        return new TtlBounds(Duration.ofSeconds(min), Duration.ofSeconds(byDefault), Duration.ofSeconds(max));
    }

    private static List<String> keyHeaders(CachePolicyDocument policy, boolean managed, Problems at) {
        var config = policy.headersConfig();
        var behavior = config == null ? "none" : or(config.headerBehavior(), "none");
        var names = config == null ? List.<String>of() : list(config.headers());
        return switch (behavior) {
            case "none" -> {
                refuseNames(names, behavior, at.at("headers"));
                yield List.of();
            }
            case "whitelist" -> {
                boolean encodings =
                        or(policy.enableAcceptEncodingGzip(), false) || or(policy.enableAcceptEncodingBrotli(), false);
                var selected = headerNames(names, managed, at.at("headers"));
                for (int i = 0; i < names.size(); i++) {
                    var header = lower(names.get(i));
                    if (!HeaderRules.mayBeInKey(header)) {
                        at.at("headers").at(i).add(names.get(i), "a header that may be in the cache key");
                    } else if (encodings && header.equals("accept-encoding")) {
                        at.at("headers").at(i).add(names.get(i), "not beside enableAcceptEncodingGzip or -Brotli");
                    }
                }
                yield selected;
            }
            default -> {
                at.at("headerBehavior").add(behavior, "none or whitelist");
                yield List.of();
            }
        };
    }

    private static HeaderSelection forwardedHeaders(@Nullable HeadersConfig config, boolean managed, Problems at) {
        var behavior = config == null ? "none" : or(config.headerBehavior(), "none");
        var names = config == null ? List.<String>of() : list(config.headers());
        var listed = at.at("headers");
        switch (behavior) {
            case "whitelist", "allViewerAndWhitelistCloudFront", "allExcept" -> {
                for (int i = 0; i < names.size(); i++) {
                    if (lower(names.get(i)).equals("accept-encoding") && !behavior.equals("allExcept")) {
                        listed.at(i).add(names.get(i), "no Accept-Encoding: the cache policy decides on it");
                    } else if (behavior.equals("allViewerAndWhitelistCloudFront")
                            && !lower(names.get(i)).startsWith("cloudfront-")) {
                        listed.at(i).add(names.get(i), "a CloudFront-* header");
                    } else if (!HeaderRules.isKnown(lower(names.get(i)))) {
                        listed.at(i).add(names.get(i), "a CloudFront-* header that exists");
                    }
                }
            }
            default -> refuseNames(names, behavior, listed);
        }
        return switch (behavior) {
            case "none" -> new HeaderSelection.None();
            case "allViewer" -> new HeaderSelection.AllViewer();
            case "whitelist" -> new HeaderSelection.Only(Set.copyOf(headerNames(names, managed, listed)));
            case "allViewerAndWhitelistCloudFront" ->
                new HeaderSelection.AllViewerAndCloudFront(Set.copyOf(headerNames(names, managed, listed)));
            case "allExcept" -> new HeaderSelection.AllExcept(Set.copyOf(headerNames(names, managed, listed)));
            default -> {
                at.at("headerBehavior")
                        .add(behavior, "none, whitelist, allViewer, allViewerAndWhitelistCloudFront or allExcept");
                yield new HeaderSelection.None();
            }
        };
    }

    private static NameSelection cookies(@Nullable CookiesConfig config, Problems at) {
        return config == null
                ? new NameSelection.None()
                : names("cookieBehavior", config.cookieBehavior(), "cookies", config.cookies(), at);
    }

    private static NameSelection queries(@Nullable QueryStringsConfig config, Problems at) {
        return config == null
                ? new NameSelection.None()
                : names("queryStringBehavior", config.queryStringBehavior(), "queryStrings", config.queryStrings(), at);
    }

    private static NameSelection names(
            String behaviorProperty,
            @Nullable String behavior,
            String namesProperty,
            @Nullable List<String> maybeNames,
            Problems at) {
        var names = list(maybeNames);
        var listed = at.at(namesProperty);
        var mode = or(behavior, "none");
        return switch (mode) {
            case "none", "all" -> {
                refuseNames(names, mode, listed);
                yield mode.equals("all") ? new NameSelection.All() : new NameSelection.None();
            }
            case "whitelist" -> new NameSelection.Only(Set.copyOf(plainNames(names, listed)));
            case "allExcept" -> new NameSelection.AllExcept(Set.copyOf(plainNames(names, listed)));
            default -> {
                at.at(behaviorProperty).add(mode, "none, whitelist, allExcept or all");
                yield new NameSelection.None();
            }
        };
    }

    private static void refuseNames(List<String> names, String behavior, Problems at) {
        if (!names.isEmpty()) at.add(names, "no names beside \"" + behavior + "\"");
    }

    private static List<String> headerNames(List<String> names, boolean managed, Problems at) {
        var lower = names.stream().map(Documents::lower).toList();
        for (int i = 0; i < names.size(); i++) {
            if (!HeaderRules.isToken(names.get(i))) at.at(i).add(names.get(i), "a header name");
        }
        return distinct(lower, managed, at);
    }

    private static List<String> plainNames(List<String> names, Problems at) {
        for (int i = 0; i < names.size(); i++) {
            if (!Documents.isPlainName(names.get(i))) at.at(i).add(names.get(i), Documents.PLAIN_NAME);
        }
        return distinct(names, false, at);
    }

    private static List<String> distinct(List<String> names, boolean managed, Problems at) {
        if (names.isEmpty()) at.add("empty (expected: at least one name)");
        if (names.size() > MAX_NAMES && !managed) {
            at.add("%d names (expected: at most %d)".formatted(names.size(), MAX_NAMES));
        }
        int length = names.stream().mapToInt(String::length).sum();
        if (length > MAX_NAMES_LENGTH && !managed) {
            at.add("%d characters in all (expected: at most %d)".formatted(length, MAX_NAMES_LENGTH));
        }
        var seen = new HashSet<String>();
        for (int i = 0; i < names.size(); i++) {
            if (!seen.add(names.get(i))) at.at(i).add(names.get(i), "each name once");
        }
        return names.stream().distinct().toList();
    }

    private static Optional<ResponseHeadersPolicy.Cors> cors(
            ResponseHeadersPolicyDocument.@Nullable CorsConfig cors, boolean managed, Problems at) {
        if (cors == null) return Optional.empty();
        var origins = list(cors.accessControlAllowOrigins());
        var methods = list(cors.accessControlAllowMethods());
        if (origins.isEmpty()) at.at("accessControlAllowOrigins").add("empty (expected: at least one origin)");
        for (int i = 0; i < origins.size(); i++) {
            if (!HeaderRules.isValue(origins.get(i)) || origins.get(i).isBlank()) {
                at.at("accessControlAllowOrigins").at(i).add(origins.get(i), "an origin such as https://*.example.org");
            }
        }
        if (methods.isEmpty() && !managed) {
            at.at("accessControlAllowMethods").add("empty (expected: at least one method)");
        }
        for (int i = 0; i < methods.size(); i++) {
            if (!CORS_METHODS.contains(methods.get(i))) {
                at.at("accessControlAllowMethods")
                        .at(i)
                        .add(methods.get(i), "GET, DELETE, HEAD, OPTIONS, PATCH, POST, PUT or ALL");
            }
        }
        if (methods.contains("ALL") && methods.size() > 1) {
            at.at("accessControlAllowMethods").add(methods, "ALL alone");
        }
        checkCorsHeaders(list(cors.accessControlAllowHeaders()), at.at("accessControlAllowHeaders"));
        checkCorsHeaders(list(cors.accessControlExposeHeaders()), at.at("accessControlExposeHeaders"));
        var maxAge = cors.accessControlMaxAgeSec();
        if (maxAge != null && maxAge < 0) at.at("accessControlMaxAgeSec").add(maxAge, "zero or more");
        return Optional.of(new ResponseHeadersPolicy.Cors(
                origins,
                list(cors.accessControlAllowHeaders()),
                methods,
                or(cors.accessControlAllowCredentials(), false),
                list(cors.accessControlExposeHeaders()),
                maxAge == null ? OptionalLong.empty() : OptionalLong.of(maxAge),
                or(cors.originOverride(), false)));
    }

    private static void checkCorsHeaders(List<String> names, Problems at) {
        for (int i = 0; i < names.size(); i++) {
            if (!HeaderRules.isToken(names.get(i)))
                at.at(i).add(names.get(i), "a header name, * standing for any part");
        }
    }

    private static List<ResponseHeadersPolicy.Header> security(
            ResponseHeadersPolicyDocument.@Nullable SecurityHeadersConfig config, Problems at) {
        if (config == null) return List.of();
        var headers = new ArrayList<ResponseHeadersPolicy.Header>();
        var csp = config.contentSecurityPolicy();
        if (csp != null) {
            var value = or(csp.contentSecurityPolicy(), "");
            if (value.isBlank() || !HeaderRules.isValue(value)) {
                at.at("contentSecurityPolicy.contentSecurityPolicy")
                        .add(value, "1 to 1783 characters of a header value");
            }
            headers.add(header("Content-Security-Policy", value, csp.override()));
        }
        var contentType = config.contentTypeOptions();
        if (contentType != null) {
            headers.add(header("X-Content-Type-Options", "nosniff", contentType.override()));
        }
        var options = config.frameOptions();
        if (options != null) {
            var value = or(options.frameOption(), "");
            if (!FRAME_OPTIONS.contains(value))
                at.at("frameOptions.frameOption").add(value, "DENY or SAMEORIGIN");
            headers.add(header("X-Frame-Options", value, options.override()));
        }
        var policy = config.referrerPolicy();
        if (policy != null) {
            var value = or(policy.referrerPolicy(), "");
            if (!REFERRER_POLICIES.contains(value)) {
                at.at("referrerPolicy.referrerPolicy")
                        .add(
                                value,
                                "one of "
                                        + String.join(
                                                ", ",
                                                REFERRER_POLICIES.stream()
                                                        .sorted()
                                                        .toList()));
            }
            headers.add(header("Referrer-Policy", value, policy.override()));
        }
        var hsts = config.strictTransportSecurity();
        if (hsts != null) {
            long maxAge = or(hsts.accessControlMaxAgeSec(), -1L);
            if (maxAge < 0)
                at.at("strictTransportSecurity.accessControlMaxAgeSec").add(maxAge, "seconds, zero or more");
            headers.add(header(
                    "Strict-Transport-Security",
                    "max-age=" + maxAge
                            + (or(hsts.includeSubdomains(), false) ? "; includeSubDomains" : "")
                            + (or(hsts.preload(), false) ? "; preload" : ""),
                    hsts.override()));
        }
        var xss = config.xssProtection();
        if (xss != null) {
            boolean block = or(xss.modeBlock(), false);
            var report = or(xss.reportUri(), "");
            if (block && !report.isEmpty()) at.at("xssProtection.reportUri").add(report, "none beside modeBlock");
            if (!HeaderRules.isValue(report)) at.at("xssProtection.reportUri").add(report, "a URI");
            var value = !or(xss.protection(), false)
                    ? "0"
                    : "1" + (block ? "; mode=block" : report.isEmpty() ? "" : "; report=" + report);
            headers.add(header("X-XSS-Protection", value, xss.override()));
        }
        return headers;
    }

    private static ResponseHeadersPolicy.Header header(String name, String value, @Nullable Boolean override) {
        return new ResponseHeadersPolicy.Header(name, value, or(override, false));
    }

    private static List<ResponseHeadersPolicy.Header> customHeaders(
            List<ResponseHeadersPolicyDocument.CustomHeader> custom, Problems at) {
        if (custom.size() > MAX_NAMES) {
            at.add("%d headers (expected: at most %d)".formatted(custom.size(), MAX_NAMES));
        }
        var headers = new ArrayList<ResponseHeadersPolicy.Header>();
        var seen = new HashSet<String>();
        for (int i = 0; i < custom.size(); i++) {
            var name = or(custom.get(i).header(), "");
            var value = or(custom.get(i).value(), "");
            if (!HeaderRules.isToken(name)) at.at(i).at("header").add(name, "a header name");
            else if (!HeaderRules.mayBeAdded(lower(name))) at.at(i).at("header").add(name, "no framing header");
            else if (!seen.add(lower(name))) at.at(i).at("header").add(name, "each header once");
            if (!HeaderRules.isValue(value)) at.at(i).at("value").add(value, "a header value");
            headers.add(header(name, value, custom.get(i).override()));
        }
        return headers;
    }
}
