package dev.nearside.model.wire;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problems;
import dev.nearside.model.distribution.HostName;
import dev.nearside.model.wire.api.ExplainRequest;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Questions to an edge out of their documents: complete, or every problem with its path.
public final class ExplainReader {

    /// Longer ones are refused by the edge itself, and that can be explained.
    private static final int MAX_URL = 16_384;

    private static final int MAX_HEADERS = 200;
    private static final int MAX_HEADERS_LENGTH = 65_536;
    private static final int MAX_METHOD = 32;
    private static final String URL = "an absolute http or https URL, as a viewer would ask for it";

    private ExplainReader() {}

    /// The request with its defaults filled in.
    public static Checked<ExplainRequest> read(ExplainRequest document) {
        var problems = Problems.none();
        var request = document.filled();
        checkUrl(document.url(), problems.at("url"));
        var method = Documents.or(request.method(), "");
        if (!HeaderRules.isToken(method) || method.length() > MAX_METHOD) {
            problems.at("method").add(method, "a method, like GET");
        }
        checkHeaders(Documents.or(request.headers(), Map.of()), problems.at("headers"));
        var clientIp = Documents.or(request.clientIp(), "");
        if (!HostName.isIpLiteral(clientIp) && !HostName.isIpLiteral("[" + clientIp.toLowerCase(Locale.ROOT) + "]")) {
            problems.at("clientIp").add(clientIp, "an IP address");
        }
        return Checked.of(request, problems.list());
    }

    private static void checkUrl(@Nullable String url, Problems at) {
        if (url == null) {
            at.add("missing (expected: " + URL + ")");
            return;
        }
        int scheme =
                url.regionMatches(true, 0, "http://", 0, 7) ? 7 : url.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
        if (url.length() > MAX_URL) {
            at.add("%d characters (expected: at most %d)".formatted(url.length(), MAX_URL));
        } else if (scheme < 0 || !url.chars().allMatch(c -> c > ' ' && c < 127) || url.indexOf('#') >= 0) {
            at.add(url, URL);
        } else if (!isAuthority(authority(url, scheme))) {
            at.add(url, "a host name or an IP literal, and a port if need be, behind the scheme");
        }
    }

    private static String authority(String url, int from) {
        int end = from;
        while (end < url.length() && url.charAt(end) != '/' && url.charAt(end) != '?') end++;
        return url.substring(from, end);
    }

    private static boolean isAuthority(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean port = colon >= 0 && authority.indexOf(']', colon) < 0;
        var host = port ? authority.substring(0, colon) : authority;
        return HostName.isHostOrIp(host.toLowerCase(Locale.ROOT))
                && (!port || authority.substring(colon + 1).matches("\\d{1,5}"));
    }

    private static void checkHeaders(Map<String, String> headers, Problems at) {
        if (headers.size() > MAX_HEADERS) {
            at.add("%d headers (expected: at most %d)".formatted(headers.size(), MAX_HEADERS));
        }
        int length = 0;
        for (var name : headers.keySet()) {
            var value = headers.get(name);
            if (!HeaderRules.isToken(name)) at.add(name, "a header name");
            // The value may be a secret: it is not repeated.
            if (value == null || !value.chars().allMatch(c -> c == '\t' || c >= ' ' && c != 127)) {
                at.at(name).add("not a header value (expected: a text without control characters)");
            }
            length += name.length() + (value == null ? 0 : value.length());
        }
        if (length > MAX_HEADERS_LENGTH) {
            at.add("%d characters in all (expected: at most %d)".formatted(length, MAX_HEADERS_LENGTH));
        }
    }
}
