package dev.nearside.model.wire;

import static dev.nearside.model.wire.Documents.atMost;
import static dev.nearside.model.wire.Documents.each;
import static dev.nearside.model.wire.Documents.isPath;
import static dev.nearside.model.wire.Documents.list;
import static dev.nearside.model.wire.Documents.or;
import static dev.nearside.model.wire.Documents.within;

import dev.nearside.model.check.Problems;
import dev.nearside.model.distribution.HostName;
import dev.nearside.model.origin.HealthCheck;
import dev.nearside.model.origin.Origin;
import dev.nearside.model.origin.OriginId;
import dev.nearside.model.origin.OriginProtocolPolicy;
import dev.nearside.model.origin.Timeouts;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whom a distribution asks (CF§1.3).
final class OriginReader {

    private static final int MAX_ORIGINS = 100;
    private static final int MAX_CUSTOM_HEADERS = 30;
    private static final int MAX_CUSTOM_HEADERS_LENGTH = 10_240;

    private OriginReader() {}

    static List<Origin> read(List<OriginDocument> documents, Problems at) {
        if (documents.isEmpty()) at.add("empty (expected: at least one origin)");
        atMost(MAX_ORIGINS, "origins", documents, at);
        var ids = new HashSet<String>();
        return each(documents, at, (document, place) -> {
            var origin = origin(document, place);
            var id = origin.id().value();
            if (!id.isEmpty() && !ids.add(id)) place.at("id").add(id, "each id once");
            return origin;
        });
    }

    /// The id of an origin or of a group of origins.
    static String id(@Nullable String said, Problems at) {
        var id = or(said, "");
        if (id.isBlank() || id.length() > 128) at.add(id, "1 to 128 characters");
        return id;
    }

    private static Origin origin(OriginDocument document, Problems at) {
        var domain = Documents.lower(or(document.domainName(), ""));
        if (!HostName.isHostOrIp(domain)) {
            at.at("domainName")
                    .add(or(document.domainName(), ""), "a host name or an IP literal, without scheme and port");
        }
        var path = or(document.originPath(), "");
        if (!path.isEmpty() && (!isPath(path) || path.endsWith("/"))) {
            at.at("originPath").add(path, "nothing, or a path that begins with / and does not end with it");
        }
        return new Origin(
                new OriginId(id(document.id(), at.at("id"))),
                domain,
                path,
                customHeaders(list(document.customHeaders()), at.at("customHeaders")),
                protocol(or(document.originProtocolPolicy(), "match-viewer"), at.at("originProtocolPolicy")),
                port(or(document.httpPort(), 80), at.at("httpPort")),
                port(or(document.httpsPort(), 443), at.at("httpsPort")),
                timeouts(document, at),
                healthCheck(document.healthCheck(), at.at("healthCheck")));
    }

    private static OriginProtocolPolicy protocol(String said, Problems at) {
        return switch (said) {
            case "http-only" -> OriginProtocolPolicy.HTTP_ONLY;
            case "https-only" -> OriginProtocolPolicy.HTTPS_ONLY;
            case "match-viewer" -> OriginProtocolPolicy.MATCH_VIEWER;
            default -> {
                at.add(said, "http-only, https-only or match-viewer");
                yield OriginProtocolPolicy.MATCH_VIEWER;
            }
        };
    }

    private static int port(int port, Problems at) {
        if (port != 80 && port != 443 && (port < 1024 || port > 65_535)) at.add(port, "80, 443 or 1024 to 65535");
        return port;
    }

    private static Timeouts timeouts(OriginDocument document, Problems at) {
        var byDefault = Timeouts.DEFAULT;
        var read = seconds(document.originReadTimeout(), byDefault.read(), 120, at.at("originReadTimeout"));
        return new Timeouts(
                within(document.connectionAttempts(), byDefault.attempts(), 1, 3, at.at("connectionAttempts")),
                seconds(document.connectionTimeout(), byDefault.connect(), 10, at.at("connectionTimeout")),
                read,
                seconds(document.originKeepaliveTimeout(), byDefault.keepAlive(), 300, at.at("originKeepaliveTimeout")),
                completion(document.responseCompletionTimeout(), read, at.at("responseCompletionTimeout")));
    }

    private static Duration seconds(@Nullable Integer said, Duration otherwise, int most, Problems at) {
        return Duration.ofSeconds(within(said, (int) otherwise.toSeconds(), 1, most, at));
    }

    private static Optional<Duration> completion(@Nullable Integer said, Duration read, Problems at) {
        if (said == null) return Optional.empty();
        if (said < read.toSeconds()) at.add(said, "originReadTimeout, %d, or more".formatted(read.toSeconds()));
        return Optional.of(Duration.ofSeconds(said));
    }

    private static Optional<HealthCheck> healthCheck(OriginDocument.@Nullable HealthCheck check, Problems at) {
        if (check == null) return Optional.empty();
        var path = or(check.path(), "");
        if (!isPath(path)) at.at("path").add(path, "a path that begins with /");
        return Optional.of(new HealthCheck(
                path,
                Duration.ofSeconds(within(check.interval(), 10, 1, 300, at.at("interval"))),
                Duration.ofSeconds(within(check.timeout(), 5, 1, 60, at.at("timeout"))),
                within(check.unhealthyThreshold(), 3, 1, 10, at.at("unhealthyThreshold")),
                within(check.healthyThreshold(), 2, 1, 10, at.at("healthyThreshold"))));
    }

    private static List<Origin.Header> customHeaders(List<OriginDocument.CustomHeader> documents, Problems at) {
        atMost(MAX_CUSTOM_HEADERS, "headers", documents, at);
        var headers = each(documents, at, (document, place) -> {
            var name = or(document.name(), "");
            var value = or(document.value(), "");
            if (!HeaderRules.isToken(name)) place.at("name").add(name, "a header name");
            else if (!HeaderRules.mayBeSentToOrigin(Documents.lower(name))) {
                place.at("name").add(name, "a header that may be set for an origin");
            }
            // The value may be a secret: it is not repeated.
            if (!HeaderRules.isValue(value)) place.at("value").add("not a header value (expected: visible characters)");
            return new Origin.Header(name, value);
        });
        int length = headers.stream()
                .mapToInt(header -> header.name().length() + header.value().length())
                .sum();
        if (length > MAX_CUSTOM_HEADERS_LENGTH) {
            at.add("%d characters in all (expected: at most %d)".formatted(length, MAX_CUSTOM_HEADERS_LENGTH));
        }
        return headers;
    }
}
