package dev.nearside.edge.decide;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.HttpDate;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.model.policy.TtlBounds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Heads as origins send them, written as short as in a table: `max-age=5; age: 3; etag: "a"`.
final class Heads {

    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private Heads() {}

    /// Lines split at `;`; one without a name is a `Cache-Control`. Offsets in seconds stand for dates.
    static Headers headers(String said) {
        var fields = new ArrayList<String>(List.of("Date", HttpDate.format(NOON)));
        for (var part : said.split(";", -1)) {
            var line = part.strip();
            if (line.isEmpty()) continue;
            int colon = line.indexOf(':');
            var name = colon < 0 ? "Cache-Control" : line.substring(0, colon);
            var value = line.substring(colon + 1).strip();
            boolean date = name.equals("expires") || name.equals("last-modified");
            boolean offset = date && value.matches("-?\\d+s");
            fields.add(name);
            fields.add(
                    offset
                            ? HttpDate.format(NOON.plusSeconds(Long.parseLong(value.substring(0, value.length() - 1))))
                            : value);
        }
        return Headers.of(fields.toArray(String[]::new));
    }

    static StoredResponse stored(int status, String said) {
        return new StoredResponse(status, headers(said), NOON, NOON, LogPosition.NONE);
    }

    static StoredResponse stored(String said) {
        return stored(200, said);
    }

    /// Rules as `min/default/max`, with an `m` behind them for CloudFront's own policies.
    static TtlRules ttl(String rules) {
        boolean managed = rules.endsWith("m");
        var parts = rules.replace("m", "").split("/", -1);
        return new TtlRules(
                new TtlBounds(seconds(parts[0]), seconds(parts[1]), seconds(parts[2])),
                managed,
                Duration.ofSeconds(10));
    }

    private static Duration seconds(String text) {
        return Duration.ofSeconds(Long.parseLong(text));
    }
}
