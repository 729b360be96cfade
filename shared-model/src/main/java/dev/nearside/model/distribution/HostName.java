package dev.nearside.model.distribution;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A name that viewers reach a distribution by: a host name, an IP literal, or a wildcard (CF§1.2).
///
/// @param value lower case; a wildcard begins with `*.` and covers any depth below
public record HostName(String value) {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:]{2,39}(\\.\\d{1,3}){0,3}]");

    public boolean isWildcard() {
        return value.startsWith("*.");
    }

    /// What a wildcard's matches end with, the dot included.
    public String suffix() {
        return value.substring(1);
    }

    /// Why a text is no alias; empty if it is one.
    public static Optional<String> problem(String text) {
        var name = text.startsWith("*.") ? text.substring(2) : text;
        if (!text.equals(text.toLowerCase(Locale.ROOT))) {
            return Optional.of("\"%s\" (expected: lower case letters only)".formatted(text));
        }
        if (text.startsWith("*.") && isIpLiteral(name)) {
            return Optional.of("\"%s\" (expected: a host name behind the wildcard)".formatted(text));
        }
        return isHostOrIp(name)
                ? Optional.empty()
                : Optional.of("\"%s\" (expected: a host name, *.host name, or an IP literal)".formatted(text));
    }

    /// Whether a text is a host name or an IP literal (IPv6 in brackets), in lower case.
    public static boolean isHostOrIp(String text) {
        return isIpLiteral(text) || isDnsName(text);
    }

    public static boolean isIpLiteral(String text) {
        return IPV4.matcher(text).matches() || IPV6.matcher(text).matches();
    }

    private static boolean isDnsName(String text) {
        if (text.isEmpty() || text.length() > 253 || text.endsWith(".")) return false;
        var labels = text.split("\\.", -1);
        for (var label : labels) if (!LABEL.matcher(label).matches()) return false;
        return !labels[labels.length - 1].chars().allMatch(Character::isDigit);
    }
}
