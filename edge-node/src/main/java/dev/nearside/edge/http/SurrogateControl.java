package dev.nearside.edge.http;

import java.util.Locale;
import java.util.Optional;

/// What an origin says to reverse proxies alone (`Surrogate-Control`, Edge Architecture Specification, W3C Note 2001).
///
/// Origins wrote it for CDNs long before RFC 9213; it is heard where `CDN-Cache-Control` says nothing. A directive
/// behind which other surrogates are named is not for us; of what we cannot do, such as `content`, nothing is heard.
public final class SurrogateControl {

    /// What we tell origins that we can do, and the name they may address us by.
    public static final String CAPABILITY = "nearside=\"Surrogate/1.0\"";

    private static final String OUR_NAME = "nearside";

    private SurrogateControl() {}

    /// Empty if there is nothing in it for us.
    static Optional<CacheControl> parse(String text) {
        var builder = new CacheControl.Builder();
        boolean any = false;
        for (var part : text.split(",", -1)) any |= add(builder, part.split(";", -1));
        return any ? Optional.of(builder.build(true)) : Optional.empty();
    }

    /// @param words a directive, and the names of those it is for
    private static boolean add(CacheControl.Builder builder, String[] words) {
        boolean ours = words.length == 1;
        for (int i = 1; i < words.length; i++) ours |= words[i].strip().equalsIgnoreCase(OUR_NAME);
        if (!ours) return false;
        var directive = words[0].strip();
        int equals = directive.indexOf('=');
        var name = (equals < 0 ? directive : directive.substring(0, equals)).toLowerCase(Locale.ROOT);
        var argument = equals < 0 ? "" : directive.substring(equals + 1);
        return switch (name) {
            // An edge is never near the origin.
            case "no-store", "no-store-remote" -> {
                builder.add("no-store", "");
                yield true;
            }
            case "max-age" -> {
                // `max-age=600+60`: fresh for 600 seconds, then for another 60 while it is fetched anew.
                int plus = argument.indexOf('+');
                builder.add("max-age", plus < 0 ? argument : argument.substring(0, plus));
                if (plus >= 0) builder.add("stale-while-revalidate", argument.substring(plus + 1));
                yield true;
            }
            default -> false;
        };
    }
}
