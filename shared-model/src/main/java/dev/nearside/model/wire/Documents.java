package dev.nearside.model.wire;

import dev.nearside.model.check.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Reading what an operator may have left out.
final class Documents {

    private static final int MAX_NAME = 64;
    private static final String NAME = "1 to 64 letters, digits, '-', '_' and '.'";
    private static final int MAX_COMMENT = 128;

    /// What {@link #isPlainName} asks for.
    static final String PLAIN_NAME = "a name of visible ASCII characters";

    private Documents() {}

    static <T> List<T> list(@Nullable List<T> maybe) {
        return maybe == null ? List.of() : maybe;
    }

    static <T> T or(@Nullable T maybe, T otherwise) {
        return maybe == null ? otherwise : maybe;
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// A name: 1 to 64 letters, digits, `-`, `_` and `.`.
    static String name(@Nullable String name, Problems at) {
        if (name == null) {
            at.at("name").add("missing (expected: a name)");
            return "";
        }
        if (!isName(name)) at.at("name").add(name, NAME);
        return name;
    }

    /// An id, which is made like a name; the name itself if none was given.
    static String id(@Nullable String id, String name, Problems at) {
        if (id == null) return name;
        if (!isName(id)) at.at("id").add(id, NAME);
        return id;
    }

    static String comment(@Nullable String comment, Problems at) {
        if (comment != null && comment.length() > MAX_COMMENT) {
            at.at("comment").add("%d characters (expected: at most %d)".formatted(comment.length(), MAX_COMMENT));
        }
        return or(comment, "");
    }

    /// A number within bounds, or the default if it is absent.
    static int within(@Nullable Integer said, int otherwise, int low, int high, Problems at) {
        if (said == null) return otherwise;
        if (said < low || said > high) {
            at.add(said, "%d to %d".formatted(low, high));
            return otherwise;
        }
        return said;
    }

    /// The values of a list of documents, each read in its place.
    static <D, V> List<V> each(List<D> documents, Problems at, BiFunction<D, Problems, V> read) {
        var values = new ArrayList<V>();
        for (int i = 0; i < documents.size(); i++) values.add(read.apply(documents.get(i), at.at(i)));
        return values;
    }

    static void atMost(int most, String what, List<?> said, Problems at) {
        if (said.size() > most) at.add("%d %s (expected: at most %d)".formatted(said.size(), what, most));
    }

    /// Whether a text is a path of visible ASCII characters that begins with a slash.
    static boolean isPath(String text) {
        return text.startsWith("/") && text.chars().allMatch(c -> c > ' ' && c < 127);
    }

    /// Whether a text may name a cookie or a query parameter.
    static boolean isPlainName(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127);
    }

    static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= MAX_NAME && text.chars().allMatch(Documents::inName);
    }

    private static boolean inName(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-_.".indexOf(c) >= 0;
    }
}
