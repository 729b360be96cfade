package dev.nearside.admin.policy;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.nearside.admin.component.Chips;
import dev.nearside.admin.component.Facts;
import dev.nearside.admin.component.Glyph;
import dev.nearside.admin.component.Panel;
import dev.nearside.admin.component.StateLabel;
import dev.nearside.model.wire.CachePolicyDocument;
import dev.nearside.model.wire.CookiesConfig;
import dev.nearside.model.wire.HeadersConfig;
import dev.nearside.model.wire.OriginRequestPolicyDocument;
import dev.nearside.model.wire.QueryStringsConfig;
import dev.nearside.model.wire.ResponseHeadersPolicyDocument;
import dev.nearside.model.wire.ResponseHeadersPolicyDocument.CustomHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a policy says, in the words of an operator rather than of its JSON.
final class PolicyWords {

    private PolicyWords() {}

    static StateLabel origin(boolean isManaged) {
        return isManaged ? StateLabel.given("managed") : StateLabel.own("custom");
    }

    static List<Component> panels(Record document) {
        return switch (document) {
            case CachePolicyDocument cache -> cache(cache);
            case OriginRequestPolicyDocument origin -> originRequest(origin);
            case ResponseHeadersPolicyDocument headers -> responseHeaders(headers);
            default -> List.of();
        };
    }

    private static List<Component> cache(CachePolicyDocument policy) {
        return List.of(
                new Panel(
                        "How long objects live",
                        new Facts()
                                .fact("At least", seconds(policy.minTTL()))
                                .fact("When the origin says nothing", seconds(policy.defaultTTL()))
                                .fact("At most", seconds(policy.maxTTL()))),
                new Panel(
                        "What tells objects apart",
                        new Facts()
                                .fact("Headers", headers(policy.headersConfig()))
                                .fact("Cookies", cookies(policy.cookiesConfig()))
                                .fact("Query parameters", queries(policy.queryStringsConfig()))
                                .fact("Compressed variants", compression(policy))));
    }

    private static List<Component> originRequest(OriginRequestPolicyDocument policy) {
        return List.of(new Panel(
                "What the origin sees besides the key",
                new Facts()
                        .fact("Headers", headers(policy.headersConfig()))
                        .fact("Cookies", cookies(policy.cookiesConfig()))
                        .fact("Query parameters", queries(policy.queryStringsConfig()))));
    }

    private static List<Component> responseHeaders(ResponseHeadersPolicyDocument policy) {
        var panels = new ArrayList<Component>();
        var cors = policy.corsConfig();
        if (cors != null) {
            panels.add(new Panel(
                    "CORS",
                    new Facts()
                            .fact("Origins", new Chips(cors.accessControlAllowOrigins()))
                            .fact("Methods", new Chips(cors.accessControlAllowMethods()))
                            .fact("Request headers", new Chips(cors.accessControlAllowHeaders()))
                            .fact("Exposed headers", new Chips(cors.accessControlExposeHeaders()))
                            .fact("With credentials", yes(cors.accessControlAllowCredentials()))
                            .fact("Browsers keep the answer", seconds(cors.accessControlMaxAgeSec()))
                            .fact("Wins over the origin", yes(cors.originOverride()))));
        }
        var security = policy.securityHeadersConfig();
        if (security != null) {
            var facts = new Facts();
            var transport = security.strictTransportSecurity();
            if (transport != null) {
                facts.fact(
                        "Strict-Transport-Security",
                        seconds(transport.accessControlMaxAgeSec()) + override(transport.override()));
            }
            var frame = security.frameOptions();
            if (frame != null) facts.fact("X-Frame-Options", frame.frameOption() + override(frame.override()));
            var type = security.contentTypeOptions();
            if (type != null) facts.fact("X-Content-Type-Options", "nosniff" + override(type.override()));
            var referrer = security.referrerPolicy();
            if (referrer != null) {
                facts.fact("Referrer-Policy", referrer.referrerPolicy() + override(referrer.override()));
            }
            var xss = security.xssProtection();
            if (xss != null) {
                facts.fact(
                        "X-XSS-Protection",
                        (Boolean.TRUE.equals(xss.protection()) ? "1" : "0")
                                + (Boolean.TRUE.equals(xss.modeBlock()) ? "; mode=block" : "")
                                + override(xss.override()));
            }
            var content = security.contentSecurityPolicy();
            if (content != null) {
                facts.fact("Content-Security-Policy", content.contentSecurityPolicy() + override(content.override()));
            }
            panels.add(new Panel("Security headers", facts));
        }
        var custom = policy.customHeadersConfig();
        if (custom != null && !custom.isEmpty()) {
            var facts = new Facts();
            for (CustomHeader header : custom) {
                facts.fact(String.valueOf(header.header()), header.value() + override(header.override()));
            }
            panels.add(new Panel("Added headers", facts));
        }
        var removed = policy.removeHeadersConfig();
        if (removed != null && !removed.isEmpty()) panels.add(new Panel("Removed headers", new Chips(removed)));
        return panels;
    }

    private static String override(@Nullable Boolean override) {
        return Boolean.TRUE.equals(override) ? " (wins over the origin)" : " (unless the origin sends it)";
    }

    private static String yes(@Nullable Boolean value) {
        return Boolean.TRUE.equals(value) ? "yes" : "no";
    }

    /// The figure as it is written, and the span it means.
    static String seconds(@Nullable Long seconds) {
        if (seconds == null) return "not said";
        if (seconds < 60) return seconds + " s";
        var time = Duration.ofSeconds(seconds);
        if (time.toDays() >= 365 && time.toDays() % 365 == 0)
            return seconds + " s (" + plural(time.toDays() / 365, "year") + ")";
        if (seconds % 86_400 == 0) return seconds + " s (" + plural(time.toDays(), "day") + ")";
        if (seconds % 3600 == 0) return seconds + " s (" + plural(time.toHours(), "hour") + ")";
        if (seconds % 60 == 0) return seconds + " s (" + plural(time.toMinutes(), "minute") + ")";
        return seconds + " s";
    }

    private static String plural(long count, String unit) {
        return count == 1 ? "1 " + unit : count + " " + unit + "s";
    }

    private static Component headers(@Nullable HeadersConfig config) {
        return config == null ? new Span("none") : selection(config.headerBehavior(), config.headers());
    }

    private static Component cookies(@Nullable CookiesConfig config) {
        return config == null ? new Span("none") : selection(config.cookieBehavior(), config.cookies());
    }

    private static Component queries(@Nullable QueryStringsConfig config) {
        return config == null ? new Span("none") : selection(config.queryStringBehavior(), config.queryStrings());
    }

    private static Component selection(@Nullable String behavior, @Nullable List<String> names) {
        var word = new Span(
                switch (behavior == null ? "none" : behavior) {
                    case "none" -> "none";
                    case "all" -> "all";
                    case "whitelist" -> "only these";
                    case "allExcept" -> "all but these";
                    case "allViewer" -> "all that the viewer sent";
                    case "allViewerAndWhitelistCloudFront" -> "all that the viewer sent, and these";
                    default -> behavior;
                });
        if (names == null || names.isEmpty()) return word;
        var cell = new Div(word, new Chips(names));
        cell.addClassName("stack");
        return cell;
    }

    private static Component compression(CachePolicyDocument policy) {
        var names = new ArrayList<String>();
        if (Boolean.TRUE.equals(policy.enableAcceptEncodingGzip())) names.add("gzip");
        if (Boolean.TRUE.equals(policy.enableAcceptEncodingBrotli())) names.add("br");
        return names.isEmpty() ? new Span("none") : new Chips(names);
    }

    /// The lock beside what nobody can change.
    static Component locked(String text) {
        var line = new Div(Glyph.LOCK.draw(), new Span(text));
        line.addClassNames("row", "quiet");
        return line;
    }
}
