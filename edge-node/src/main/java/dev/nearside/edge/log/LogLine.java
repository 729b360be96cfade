package dev.nearside.edge.log;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;

/// Writes an exchange as a line of the standard log (CF§12.2) or as a JSON object with the same names.
final class LogLine {

    private static final HexFormat UPPER = HexFormat.of().withUpperCase();

    private static final String[] FIELDS = {
        "date",
        "time",
        "x-edge-location",
        "sc-bytes",
        "c-ip",
        "cs-method",
        "cs(Host)",
        "cs-uri-stem",
        "sc-status",
        "cs(Referer)",
        "cs(User-Agent)",
        "cs-uri-query",
        "cs(Cookie)",
        "x-edge-result-type",
        "x-edge-request-id",
        "x-host-header",
        "cs-protocol",
        "cs-bytes",
        "time-taken",
        "x-forwarded-for",
        "ssl-protocol",
        "ssl-cipher",
        "x-edge-response-result-type",
        "cs-protocol-version",
        "fle-status",
        "fle-encrypted-fields",
        "c-port",
        "time-to-first-byte",
        "x-edge-detailed-result-type",
        "sc-content-type",
        "sc-content-len",
        "sc-range-start",
        "sc-range-end"
    };

    private static final String UNSAFE = "<>\"#%{}|\\^~[]`'";

    private LogLine() {}

    static String head() {
        return "#Version: 1.0\n#Fields: " + String.join(" ", FIELDS) + "\n";
    }

    static String write(Exchange exchange, String node, LogFormat format) {
        var values = values(exchange, node);
        return switch (format) {
            case W3C -> w3c(values);
            case JSON -> json(values, exchange);
        };
    }

    private static String[] values(Exchange exchange, String node) {
        var request = exchange.request();
        var headers = request.headers();
        var result = exchange.whole() ? exchange.resultType() : "Error";
        var ended = exchange.at().plus(exchange.taken()).atOffset(ZoneOffset.UTC);
        return new String[] {
            ended.toLocalDate().toString(),
            time(ended),
            node,
            Long.toString(exchange.sentBytes()),
            request.clientAddress(),
            request.method(),
            exchange.distribution(),
            request.rawPath(),
            exchange.status() == 0 ? "000" : Integer.toString(exchange.status()),
            headers.first("Referer").orElse("-"),
            headers.first("User-Agent").orElse("-"),
            request.rawQuery().orElse("-"),
            "-", // cookies may be secrets
            result,
            request.id(),
            exchange.host(),
            protocol(exchange),
            headers.first("Content-Length").orElse("0"),
            seconds(exchange.taken()),
            headers.first("X-Forwarded-For").orElse("-"),
            exchange.tlsProtocol(),
            exchange.tlsCipher(),
            exchange.resultType(),
            "HTTP/" + request.httpVersion(),
            "-",
            "-",
            Integer.toString(request.clientPort()),
            seconds(exchange.untilFirstByte()),
            exchange.whole() ? exchange.why() : "ClientCommError",
            exchange.contentType(),
            exchange.contentLength(),
            rangePart(exchange.contentRange(), 0),
            rangePart(exchange.contentRange(), 1)
        };
    }

    /// After the switch it is no HTTP any more (CF§10.5).
    private static String protocol(Exchange exchange) {
        var scheme = exchange.request().scheme();
        if (exchange.status() != 101) return scheme;
        return scheme.equals("https") ? "wss" : "ws";
    }

    private static String seconds(Duration duration) {
        int millis = duration.toMillisPart();
        return duration.toSeconds() + (millis < 10 ? ".00" : millis < 100 ? ".0" : ".") + millis;
    }

    /// As `08:05:00`. By hand, as is all that every line has: a formatter takes longer than the rest of an answer.
    private static String time(OffsetDateTime at) {
        return two(at.getHour()) + ':' + two(at.getMinute()) + ':' + two(at.getSecond());
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    private static String w3c(String[] values) {
        var line = new StringBuilder(400);
        for (int i = 0; i < values.length; i++) {
            if (i > 0) line.append('\t');
            escape(values[i], line);
        }
        return line.append('\n').toString();
    }

    private static void escape(String value, StringBuilder line) {
        if (value.isEmpty()) line.append('-');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c > ' ' && c < 127 && UNSAFE.indexOf(c) < 0) line.append(c);
            else line.append('%').append(UPPER.toHexDigits((byte) c));
        }
    }

    /// The first or the last byte of `bytes 0-9/100`.
    private static String rangePart(String contentRange, int part) {
        int blank = contentRange.indexOf(' ');
        int slash = contentRange.indexOf('/');
        if (blank < 0 || slash < blank) return "-";
        var ends = contentRange.substring(blank + 1, slash).split("-", -1);
        return ends.length == 2 ? ends[part] : "-";
    }

    private static String json(String[] values, Exchange exchange) {
        var line = new StringBuilder(800).append('{');
        for (int i = 0; i < values.length; i++) {
            if (!values[i].equals("-") && !values[i].isEmpty()) {
                quote(FIELDS[i], line);
                line.append(':');
                quote(values[i], line);
                line.append(',');
            }
        }
        quote("class", line);
        line.append(':');
        quote(exchange.resultClass(), line);
        line.append(',');
        quote("why", line);
        line.append(':');
        quote(exchange.why(), line);
        return line.append("}\n").toString();
    }

    private static void quote(String value, StringBuilder line) {
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') line.append('\\').append(c);
            else if (c < ' ' || c == 127) line.append("\\u%04x".formatted((int) c));
            else line.append(c);
        }
        line.append('"');
    }
}
