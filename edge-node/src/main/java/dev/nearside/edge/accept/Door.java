package dev.nearside.edge.accept;

import dev.nearside.edge.accept.Accepted.Why;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.model.distribution.HostName;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Turns what the transport read into an arrival, and refuses what two readers could understand in two ways.
public final class Door {

    /// Field lines in one request.
    private static final int MAX_FIELDS = 256;

    private static final HexFormat BYTES = HexFormat.of().withUpperCase();

    private final RequestIds ids;
    private final TrustedProxies proxies;
    private final InstantSource clock;
    private final LongSupplier nanoTime;

    public Door(RequestIds ids, TrustedProxies proxies, InstantSource clock, LongSupplier nanoTime) {
        this.ids = ids;
        this.proxies = proxies;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /// The id of one more request.
    public String nextId() {
        return ids.next();
    }

    /// Whether the bytes of a request alone tell what is asked, whoever has sent them.
    public boolean readsOnlyHeads() {
        return proxies.blocks().isEmpty();
    }

    public Accepted accept(HttpServerRequest transport) {
        boolean http2 = transport.version() == HttpVersion.HTTP_2;
        var headers = http2 ? framed(headers(transport), transport) : headers(transport);
        var hosts = headers.all("Host");
        var authority = hosts.isEmpty() && http2 && transport.authority() != null
                ? transport.authority().toString()
                : hosts.isEmpty() ? "" : hosts.getFirst();
        var target = target(transport.uri());
        var host = withoutPort(authority);
        var arrival = arrival(transport, headers, authority, host.orElse(""), target);

        var unread = unread(transport.decoderResult());
        if (unread.isPresent()) return rejected(arrival, unread.get());
        if (headers.fields().size() > MAX_FIELDS) return rejected(arrival, Why.HEAD_TOO_LARGE);
        if (hosts.size() > 1) return rejected(arrival, Why.HOST_REPEATED);
        if (authority.isEmpty()) return rejected(arrival, Why.HOST_MISSING);
        if (host.isEmpty()) return rejected(arrival, Why.HOST_MALFORMED);
        if (transport.isSSL() && !mayAskFor(host.get(), transport.connection())) {
            return rejected(arrival, Why.HOST_NOT_COVERED);
        }
        if (target.malformed()) return rejected(arrival, Why.TARGET_MALFORMED);
        if (target.authority().isPresent() && !target.authority().get().equalsIgnoreCase(authority)) {
            return rejected(arrival, Why.HOST_CONTRADICTS_TARGET);
        }
        if (!areWellFormed(headers)) return rejected(arrival, Why.FIELD_MALFORMED);
        var codings = headers.all("Transfer-Encoding");
        if (!codings.isEmpty() && !(codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked"))) {
            return rejected(arrival, Why.TRANSFER_CODING_UNKNOWN);
        }
        var expected = headers.all("Expect");
        if (!expected.isEmpty() && !(expected.size() == 1 && expected.getFirst().equalsIgnoreCase("100-continue"))) {
            return rejected(arrival, Why.EXPECTATION_UNKNOWN);
        }
        return new Accepted.Arrived(arrival);
    }

    /// A viewer who named a host in the handshake asks for that one, or for another that the certificate it was shown
    /// was made for (CF§1.1).
    public static boolean mayAskFor(String host, HttpConnection connection) {
        var named = connection.indicatedServerName();
        if (named == null || named.isEmpty() || named.equalsIgnoreCase(host)) return true;
        var shown = connection.sslSession().getLocalCertificates();
        return shown != null
                && shown.length > 0
                && shown[0] instanceof X509Certificate certificate
                && Certificates.covers(certificate, host);
    }

    private static Accepted rejected(Arrival arrival, Why why) {
        return new Accepted.Rejected(arrival, why);
    }

    /// Why the transport could not make a request of what it read.
    private static Optional<Why> unread(@Nullable DecoderResult result) {
        if (result == null || result.isSuccess()) return Optional.empty();
        return Optional.of(
                switch (result.cause()) {
                    case TooLongHttpLineException _ -> Why.URL_TOO_LONG;
                    case TooLongFrameException _ -> Why.HEAD_TOO_LARGE;
                    default -> Why.FRAMING_MALFORMED;
                });
    }

    private Arrival arrival(
            HttpServerRequest transport, Headers headers, String authority, String host, Target target) {
        var peer = transport.remoteAddress();
        var viewer = proxies.viewer(
                peer == null || peer.hostAddress() == null ? "" : peer.hostAddress(),
                peer == null ? 0 : peer.port(),
                headers);
        return new Arrival(
                new ViewerRequest(
                        transport.method().name(),
                        viewer.scheme().orElse(transport.isSSL() ? "https" : "http"),
                        host,
                        target.path(),
                        target.query(),
                        viewer.headers(),
                        version(transport.version()),
                        viewer.address(),
                        viewer.port(),
                        ids.next()),
                transport,
                authority,
                ViewerTls.of(transport.connection()),
                clock.instant(),
                nanoTime.getAsLong(),
                transport.version() == HttpVersion.HTTP_2
                        ? Http2Wire.mark(transport.connection())
                        : transport.decoderResult());
    }

    private static String version(HttpVersion version) {
        return switch (version) {
            case HTTP_1_0 -> "1.0";
            case HTTP_1_1 -> "1.1";
            case HTTP_2 -> "2.0";
            case HTTP_3 -> "3.0";
        };
    }

    private static Headers headers(HttpServerRequest transport) {
        var fields = new ArrayList<Headers.Field>(16);
        for (var entry : transport.headers()) {
            if (!isForged(entry.getKey())) fields.add(new Headers.Field(entry.getKey(), entry.getValue()));
        }
        return new Headers(fields);
    }

    /// Headers by which the edge tells of a viewer (CF§7); what a viewer says there of itself counts for nothing.
    ///
    /// And names with an underscore, which many an origin takes for a hyphen.
    private static boolean isForged(String name) {
        return name.indexOf('_') >= 0 || name.regionMatches(true, 0, "cloudfront-", 0, 11);
    }

    /// HTTP/2 marks the end of a body by a flag; what reads the head has only fields to tell whether there is one.
    private static Headers framed(Headers headers, HttpServerRequest transport) {
        boolean silent = Http2Wire.bodyFollows(transport.connection()) && !headers.has("Content-Length");
        return silent ? headers.plus("Transfer-Encoding", "chunked") : headers;
    }

    /// @param authority of a target in absolute form (RFC 9112, section 3.2.2)
    private record Target(String path, Optional<String> query, Optional<String> authority, boolean malformed) {}

    /// @param uri none for a CONNECT over HTTP/2
    private static Target target(@Nullable String uri) {
        if (uri == null) return new Target("/", Optional.empty(), Optional.empty(), true);
        Optional<String> authority = Optional.empty();
        var rest = uri;
        if (!uri.startsWith("/")) {
            int end = uri.regionMatches(true, 0, "http://", 0, 7)
                    ? 7
                    : uri.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
            if (end < 0) return new Target(uri, Optional.empty(), Optional.empty(), true);
            int slash = uri.indexOf('/', end);
            int stop = slash < 0 ? uri.length() : slash;
            authority = Optional.of(uri.substring(end, stop));
            rest = slash < 0 ? "/" : uri.substring(slash);
        }
        rest = withoutRawBytes(rest);
        boolean malformed = !isOneWord(rest);
        int question = rest.indexOf('?');
        return question < 0
                ? new Target(rest, Optional.empty(), authority, malformed)
                : new Target(
                        rest.substring(0, question), Optional.of(rest.substring(question + 1)), authority, malformed);
    }

    /// Bytes beyond ASCII, which are none of a URL's, percent-encoded as they are: from here on there is one spelling
    /// for patterns, keys and origins. The transport reads each byte as one character.
    private static String withoutRawBytes(String target) {
        int i = 0;
        while (i < target.length() && target.charAt(i) < 128) i++;
        if (i == target.length()) return target;
        var text = new StringBuilder(target.length() + 16).append(target, 0, i);
        for (; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c < 128) text.append(c);
            else text.append('%').append(BYTES.toHexDigits((byte) c));
        }
        return text.toString();
    }

    /// Whether a target fits into a request line as it is, which HTTP/2 does not see to, and has no fragment.
    private static boolean isOneWord(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c == 127 || c == '#') return false;
        }
        return true;
    }

    /// The host of an authority, in lower case; empty if it is none.
    private static Optional<String> withoutPort(String authority) {
        int colon = authority.lastIndexOf(':');
        var host = authority;
        if (colon >= 0 && authority.indexOf(']', colon) < 0) {
            host = authority.substring(0, colon);
            if (!isPort(authority.substring(colon + 1))) return Optional.empty();
        }
        var lower = host.toLowerCase(Locale.ROOT);
        return HostName.isHostOrIp(lower) ? Optional.of(lower) : Optional.empty();
    }

    private static boolean isPort(String text) {
        if (text.isEmpty() || text.length() > 5) return false;
        for (int i = 0; i < text.length(); i++) if (text.charAt(i) < '0' || text.charAt(i) > '9') return false;
        return Integer.parseInt(text) <= 65_535;
    }

    /// Values without control characters (RFC 9110, section 5.5); names are checked by the transport.
    private static boolean areWellFormed(Headers headers) {
        for (var field : headers.fields()) {
            var value = field.value();
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if ((c < ' ' && c != '\t') || c == 127) return false;
            }
        }
        return true;
    }
}
