package dev.nearside.edge.respond;

import dev.nearside.edge.decide.Freshness;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.HttpDate;
import dev.nearside.edge.respond.PreparedHead.Blank;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// What {@link PreparedHead} is for HTTP/1.1, for HTTP/2: names and values as its header compression (RFC 7541) takes
/// them, with their hashes known.
///
/// For one thread: what changes once a second is filled in once a second, and is then the same to the compression, too.
public final class PreparedFields {

    private final AsciiString status;
    private final AsciiString[] namesAndValues;
    private final Blank[] blanks;
    private final AsciiString timeLeft;
    private final int id;
    private long age = -1;
    private long left = -1;
    private long second = Long.MIN_VALUE;

    private PreparedFields(int status, Headers headers, PreparedHead.Blanks blanks) {
        var fields = headers.fields();
        this.status = AsciiString.of(Integer.toString(status));
        this.namesAndValues = new AsciiString[fields.size() * 2];
        this.blanks = new Blank[fields.size()];
        this.timeLeft = ascii(fields.get(blanks.state()).value().substring(0, blanks.left()));
        this.id = blanks.id();
        for (int i = 0; i < fields.size(); i++) {
            var field = fields.get(i);
            this.blanks[i] = blanks.at(i, field);
            namesAndValues[2 * i] = ascii(field.name().toLowerCase(Locale.ROOT));
            namesAndValues[2 * i + 1] = ascii(field.value());
        }
    }

    /// Empty if the fields are not those of a fresh hit.
    public static Optional<PreparedFields> of(int status, Headers headers) {
        return PreparedHead.Blanks.of(headers).map(blanks -> new PreparedFields(status, headers, blanks));
    }

    /// The head of one answer.
    ///
    /// @param id of the request
    public Http2Headers filled(Freshness freshness, Instant now, String id) {
        long age = freshness.age().toSeconds();
        long left = CacheStatus.left(freshness);
        if (age != this.age || left != this.left || now.getEpochSecond() != second) fill(age, left, now);
        var filled = namesAndValues.clone();
        filled[2 * this.id + 1] = ascii(id);
        return ReadOnlyHttp2Headers.serverHeaders(false, status, filled);
    }

    private void fill(long age, long left, Instant now) {
        this.age = age;
        this.left = left;
        this.second = now.getEpochSecond();
        for (int i = 0; i < blanks.length; i++) {
            switch (blanks[i]) {
                case AGE -> namesAndValues[2 * i + 1] = ascii(Long.toString(age));
                case DATE -> namesAndValues[2 * i + 1] = ascii(HttpDate.format(now));
                case TIME_LEFT -> namesAndValues[2 * i + 1] = timeLeft.concat(Long.toString(left));
                case ID, NOTHING -> {}
            }
        }
    }

    /// The bytes of a field, one for each character.
    private static AsciiString ascii(String text) {
        return new AsciiString(text.getBytes(StandardCharsets.ISO_8859_1), false);
    }
}
