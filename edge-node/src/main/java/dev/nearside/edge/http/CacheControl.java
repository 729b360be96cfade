package dev.nearside.edge.http;

import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a response says about its reuse (RFC 9111, section 5.2.2), unknown directives left out.
///
/// Doubts are settled towards staleness: an unreadable number is zero, of two numbers the smaller counts.
///
/// @param said whether there was any directive
/// @param targeted whether `CDN-Cache-Control` or `Surrogate-Control` spoke, so that `Expires` is not heard (RFC 9213)
/// @param noCacheFields lower-case names that `no-cache` is limited to; then `noCache` is false
/// @param privateFields lower-case names that `private` is limited to; then `isPrivate` is false
public record CacheControl(
        boolean said,
        boolean targeted,
        boolean noStore,
        boolean noCache,
        boolean isPrivate,
        boolean isPublic,
        boolean mustRevalidate,
        boolean proxyRevalidate,
        boolean noTransform,
        boolean mustUnderstand,
        Set<String> noCacheFields,
        Set<String> privateFields,
        Optional<Duration> maxAge,
        Optional<Duration> sMaxAge,
        Optional<Duration> staleWhileRevalidate,
        Optional<Duration> staleIfError) {

    /// The largest number of seconds that is told apart from a larger one (RFC 9111, section 1.2.2).
    public static final long LARGEST = 1L << 31;

    public static final CacheControl SILENT = new Builder().build(false);

    public CacheControl {
        noCacheFields = Set.copyOf(noCacheFields);
        privateFields = Set.copyOf(privateFields);
    }

    /// A shared cache listens to `CDN-Cache-Control` first, if that is well formed and says anything; then to what
    /// is said to surrogates.
    public static CacheControl of(Headers response) {
        var targeted = response.joined("CDN-Cache-Control").flatMap(TargetedField::parse);
        if (targeted.isPresent()) return targeted.get();
        var surrogate = response.joined("Surrogate-Control").flatMap(SurrogateControl::parse);
        if (surrogate.isPresent()) return surrogate.get();
        return response.joined("Cache-Control").map(CacheControl::parse).orElse(SILENT);
    }

    /// Reads `Cache-Control`, all its lines joined by commas.
    public static CacheControl parse(String text) {
        var builder = new Builder();
        int at = 0;
        while (at < text.length()) {
            int end = endOfDirective(text, at);
            builder.directive(text.substring(at, end).strip());
            at = end + 1;
        }
        return builder.build(false);
    }

    /// The lifetime that was told in seconds: a shared cache listens to `s-maxage` first.
    public Optional<Duration> lifetime() {
        return sMaxAge.isPresent() ? sMaxAge : maxAge;
    }

    private static int endOfDirective(String text, int from) {
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') i++;
            else if (c == '"') quoted = !quoted;
            else if (c == ',' && !quoted) return i;
        }
        return text.length();
    }

    /// Gathers directives one by one.
    static final class Builder {
        private boolean said;
        private boolean noStore;
        private boolean noCache;
        private boolean isPrivate;
        private boolean isPublic;
        private boolean mustRevalidate;
        private boolean proxyRevalidate;
        private boolean noTransform;
        private boolean mustUnderstand;
        private final Set<String> noCacheFields = new HashSet<>();
        private final Set<String> privateFields = new HashSet<>();
        private Optional<Duration> maxAge = Optional.empty();
        private Optional<Duration> sMaxAge = Optional.empty();
        private Optional<Duration> staleWhileRevalidate = Optional.empty();
        private Optional<Duration> staleIfError = Optional.empty();

        private void directive(String text) {
            if (text.isEmpty()) return;
            int equals = text.indexOf('=');
            if (equals < 0) {
                add(text.toLowerCase(Locale.ROOT), "");
            } else {
                // A blank around the equals sign is not allowed: the argument then reads as invalid.
                var name = text.substring(0, equals);
                var argument = unquoted(text.substring(equals + 1));
                var trimmed = name.stripTrailing();
                add(trimmed.toLowerCase(Locale.ROOT), trimmed.length() == name.length() ? argument : "?" + argument);
            }
        }

        void add(String name, String argument) {
            said = true;
            switch (name) {
                case "no-store" -> noStore = true;
                case "no-cache" -> noCache |= !fields(argument, noCacheFields);
                case "private" -> isPrivate |= !fields(argument, privateFields);
                case "public" -> isPublic = true;
                case "must-revalidate" -> mustRevalidate = true;
                case "proxy-revalidate" -> proxyRevalidate = true;
                case "no-transform" -> noTransform = true;
                case "must-understand" -> mustUnderstand = true;
                case "max-age" -> maxAge = smaller(maxAge, seconds(argument));
                case "s-maxage" -> sMaxAge = smaller(sMaxAge, seconds(argument));
                case "stale-while-revalidate" ->
                    staleWhileRevalidate = smaller(staleWhileRevalidate, seconds(argument));
                case "stale-if-error" -> staleIfError = smaller(staleIfError, seconds(argument));
                default -> {} // a directive nobody here knows
            }
        }

        CacheControl build(boolean targeted) {
            return new CacheControl(
                    said,
                    targeted,
                    noStore,
                    noCache,
                    isPrivate,
                    isPublic,
                    mustRevalidate,
                    proxyRevalidate,
                    noTransform,
                    mustUnderstand,
                    noCacheFields,
                    privateFields,
                    maxAge,
                    sMaxAge,
                    staleWhileRevalidate,
                    staleIfError);
        }

        private static boolean fields(String argument, Set<String> names) {
            boolean any = false;
            for (var name : argument.split(",", -1)) {
                if (name.isBlank()) continue;
                names.add(name.strip().toLowerCase(Locale.ROOT));
                any = true;
            }
            return any;
        }

        private static Optional<Duration> smaller(Optional<Duration> known, Duration said) {
            return known.isPresent() && known.get().compareTo(said) <= 0 ? known : Optional.of(said);
        }

        private static Duration seconds(String argument) {
            if (argument.isEmpty()) return Duration.ZERO;
            long value = 0;
            for (int i = 0; i < argument.length(); i++) {
                char c = argument.charAt(i);
                if (c < '0' || c > '9') return Duration.ZERO;
                value = Math.min(LARGEST, value * 10 + (c - '0'));
            }
            return Duration.ofSeconds(value);
        }

        private static String unquoted(String argument) {
            if (argument.length() < 2 || argument.charAt(0) != '"' || !argument.endsWith("\"")) return argument;
            var text = new StringBuilder(argument.length());
            for (int i = 1; i < argument.length() - 1; i++) {
                char c = argument.charAt(i);
                if (c == '\\' && i + 1 < argument.length() - 1) c = argument.charAt(++i);
                text.append(c);
            }
            return text.toString();
        }
    }
}
