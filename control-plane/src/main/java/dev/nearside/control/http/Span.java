package dev.nearside.control.http;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// A length of time as the query parameters of the API write it: `30s`, `15m`, `6h`, `7d`.
public final class Span {
    public static final String EXPECTED = "a length of time like 30s, 15m, 6h or 7d";

    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9})([smhd])");

    private Span() {}

    public static Optional<Duration> read(String text) {
        var match = WRITTEN.matcher(text);
        if (!match.matches()) return Optional.empty();
        long count = Long.parseLong(match.group(1));
        return Optional.of(
                switch (match.group(2)) {
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }

    public static String write(Duration span) {
        return span.toSeconds() + "s";
    }
}
