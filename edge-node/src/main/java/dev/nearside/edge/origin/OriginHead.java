package dev.nearside.edge.origin;

import dev.nearside.edge.http.Headers;
import io.vertx.core.http.HttpClientResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What an origin says before the body, and whether that can be believed.
record OriginHead(int status, Headers headers) {

    /// Transfer codings that change a body (RFC 9112, section 7), none of which we offered.
    private static final Set<String> BODY_CODINGS =
            Set.of("chunked", "compress", "x-compress", "deflate", "gzip", "x-gzip");

    /// RFC 6455, section 1.3.
    private static final String WEBSOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    static OriginHead of(HttpClientResponse response) {
        var fields = new ArrayList<Headers.Field>(response.headers().size());
        for (var entry : response.headers()) fields.add(new Headers.Field(entry.getKey(), entry.getValue()));
        return new OriginHead(response.statusCode(), new Headers(fields));
    }

    /// Why it cannot be passed on: no final status, a length that is none, a body in a framing that is not ours to
    /// undo, or a value that another reader could take for two.
    Optional<String> nonsense() {
        if (status < 200 || status > 999) return Optional.of("status " + status);
        for (var field : headers.fields()) {
            if (hasControl(field.value())) return Optional.of("a control character in " + field.name());
        }
        var codings = headers.all("Transfer-Encoding");
        if (!isPlain(codings)) return Optional.of("Transfer-Encoding " + codings);
        var lengths = Set.copyOf(headers.all("Content-Length"));
        boolean number = lengths.isEmpty()
                || (lengths.size() == 1 && isLength(lengths.iterator().next()));
        return number ? Optional.empty() : Optional.of("Content-Length " + lengths);
    }

    /// Whether the connection yields the body as it is. One in a coding that is none ends with the connection (RFC
    /// 9112, section 6.3).
    private boolean isPlain(List<String> codings) {
        if (codings.isEmpty()) return true;
        var coding = codings.getFirst().strip().toLowerCase(Locale.ROOT);
        if (codings.size() > 1 || coding.indexOf(',') >= 0) return false;
        return coding.equals("chunked") || (!BODY_CODINGS.contains(coding) && !headers.has("Content-Length"));
    }

    private static boolean hasControl(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127) return true;
        }
        return false;
    }

    private static boolean isLength(String text) {
        if (text.isEmpty() || text.length() > 18) return false;
        for (int i = 0; i < text.length(); i++) if (text.charAt(i) < '0' || text.charAt(i) > '9') return false;
        return true;
    }

    /// That the head announces, if it does; of one that is no nonsense.
    OptionalLong length() {
        return headers.first("Content-Length")
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }

    /// Whether bytes can follow at all.
    boolean hasBody(ForwardedRequest request) {
        return !request.method().equals("HEAD") && status != 204 && status != 304;
    }

    /// Whether the origin agrees to speak WebSocket with whoever sent this very key (RFC 6455, section 4.1).
    boolean switchesFor(ForwardedRequest request) {
        var agreed = headers.all("Sec-WebSocket-Accept");
        return status == 101
                && headers.first("Upgrade")
                        .filter("websocket"::equalsIgnoreCase)
                        .isPresent()
                && agreed.size() == 1
                && request.headers()
                        .first("Sec-WebSocket-Key")
                        .map(OriginHead::accepting)
                        .filter(agreed.getFirst().strip()::equals)
                        .isPresent();
    }

    private static String accepting(String key) {
        try {
            var digest = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder()
                    .encodeToString(digest.digest((key + WEBSOCKET).getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("each Java runtime has SHA-1", impossible);
        }
    }
}
