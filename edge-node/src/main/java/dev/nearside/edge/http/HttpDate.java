package dev.nearside.edge.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/// Dates of HTTP (RFC 9110, section 5.6.7): written in one form, read in all three.
public final class HttpDate {

    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final List<String> LONG_DAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

    private HttpDate() {}

    /// As `Sun, 06 Nov 1994 08:49:37 GMT`.
    public static String format(Instant instant) {
        var date = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        var text = new StringBuilder(29);
        text.append(DAYS.get(date.getDayOfWeek().getValue() - 1)).append(", ");
        two(text, date.getDayOfMonth()).append(' ');
        text.append(MONTHS.get(date.getMonthValue() - 1)).append(' ');
        two(text, date.getYear() / 100);
        two(text, date.getYear() % 100).append(' ');
        two(text, date.getHour()).append(':');
        two(text, date.getMinute()).append(':');
        return two(text, date.getSecond()).append(" GMT").toString();
    }

    /// Empty unless the text is exactly one of the three forms. Case counts.
    public static Optional<Instant> parse(String text) {
        if (text.length() < 24) return Optional.empty();
        if (text.charAt(3) == ',') return imf(text);
        return text.charAt(3) == ' ' ? asctime(text) : rfc850(text);
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`
    private static Optional<Instant> imf(String t) {
        if (t.length() != 29 || !t.endsWith(" GMT") || t.charAt(4) != ' ' || t.charAt(7) != ' ' || t.charAt(11) != ' ')
            return Optional.empty();
        if (!DAYS.contains(t.substring(0, 3)) || t.charAt(16) != ' ') return Optional.empty();
        return at(digits(t, 12, 16), month(t, 8), digits(t, 5, 7), t, 17);
    }

    /// `Sunday, 06-Nov-94 08:49:37 GMT`; years 70 to 99 lie in the last century.
    private static Optional<Instant> rfc850(String t) {
        int comma = t.indexOf(',');
        if (comma < 0 || t.length() != comma + 24 || !t.endsWith(" GMT") || !LONG_DAYS.contains(t.substring(0, comma)))
            return Optional.empty();
        int day = comma + 2;
        if (t.charAt(comma + 1) != ' ' || t.charAt(day + 2) != '-' || t.charAt(day + 6) != '-') return Optional.empty();
        if (t.charAt(day + 9) != ' ') return Optional.empty();
        int year = digits(t, day + 7, day + 9);
        if (year < 0) return Optional.empty();
        return at(year + (year < 70 ? 2000 : 1900), month(t, day + 3), digits(t, day, day + 2), t, day + 10);
    }

    /// `Sun Nov  6 08:49:37 1994`
    private static Optional<Instant> asctime(String t) {
        if (t.length() != 24 || !DAYS.contains(t.substring(0, 3)) || t.charAt(7) != ' ') return Optional.empty();
        if (t.charAt(10) != ' ' || t.charAt(19) != ' ') return Optional.empty();
        int day = t.charAt(8) == ' ' ? digits(t, 9, 10) : digits(t, 8, 10);
        return at(digits(t, 20, 24), month(t, 4), day, t, 11);
    }

    private static Optional<Instant> at(int year, int month, int day, String t, int time) {
        int hour = digits(t, time, time + 2);
        int minute = digits(t, time + 3, time + 5);
        int second = digits(t, time + 6, time + 8);
        if (year < 0 || month < 1 || day < 1 || hour < 0 || minute < 0 || second < 0) return Optional.empty();
        if (t.charAt(time + 2) != ':' || t.charAt(time + 5) != ':') return Optional.empty();
        try {
            // The second 60 of a leap second is the second before it to us.
            return Optional.of(LocalDateTime.of(year, month, day, hour, minute, second == 60 ? 59 : second)
                    .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static int month(String t, int at) {
        return MONTHS.indexOf(t.substring(at, at + 3)) + 1;
    }

    private static int digits(String t, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = t.charAt(i);
            if (c < '0' || c > '9') return -1;
            value = value * 10 + (c - '0');
        }
        return value;
    }

    private static StringBuilder two(StringBuilder text, int value) {
        return text.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }
}
