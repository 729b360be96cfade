package dev.nearside.edge.decide;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.HttpDate;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.model.distribution.CustomError;
import dev.nearside.model.policy.Reuse;
import dev.nearside.model.policy.TtlBounds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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

    /// Rules as `min/default/max`, with letters behind them: `m` for CloudFront's own policies, `h` for heuristic
    /// freshness, `c` for cookies replayed; then errors' minimums, such as `404=3`.
    static TtlRules ttl(String rules) {
        var words = rules.split(" ", -1);
        var letters = words[0].replaceAll("[^a-z]", "");
        var parts = words[0].replaceAll("[a-z]", "").split("/", -1);
        var errors = Arrays.stream(words)
                .skip(1)
                .map(word -> word.split("=", -1))
                .map(error -> new CustomError(Integer.parseInt(error[0]), Optional.empty(), seconds(error[1])))
                .toList();
        return new TtlRules(
                new TtlBounds(seconds(parts[0]), seconds(parts[1]), seconds(parts[2])),
                new Reuse(letters.contains("m"), letters.contains("h"), letters.contains("c")),
                errors);
    }

    private static Duration seconds(String text) {
        return Duration.ofSeconds(Long.parseLong(text));
    }
}
