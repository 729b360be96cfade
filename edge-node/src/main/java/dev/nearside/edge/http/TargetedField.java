package dev.nearside.edge.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A targeted cache control field (RFC 9213): a dictionary of structured fields (RFC 8941, section 3.2).
///
/// What breaks the grammar, is empty, or gives a directive a value of the wrong type is as if it were absent.
final class TargetedField {

    private static final Set<String> NUMBERS =
            Set.of("max-age", "s-maxage", "stale-while-revalidate", "stale-if-error");
    private static final Set<String> FLAGS = Set.of(
            "no-store",
            "no-cache",
            "private",
            "public",
            "must-revalidate",
            "proxy-revalidate",
            "no-transform",
            "must-understand");

    /// One value, as far as directives care.
    private sealed interface Item {
        record Whole(long value) implements Item {}

        record Flag(boolean value) implements Item {}

        record Text(String value) implements Item {}

        record Other() implements Item {}
    }

    private static final class Malformed extends Exception {
        Malformed() {
            super("malformed", null, false, false);
        }
    }

    private final String text;
    private int at;

    private TargetedField(String text) {
        this.text = text;
    }

    static Optional<CacheControl> parse(String text) {
        try {
            var members = new TargetedField(text.strip()).dictionary();
            if (members.isEmpty()) return Optional.empty();
            var builder = new CacheControl.Builder();
            for (var member : members.entrySet()) add(builder, member.getKey(), member.getValue());
            return Optional.of(builder.build(true));
        } catch (Malformed _) {
            return Optional.empty();
        }
    }

    private static void add(CacheControl.Builder builder, String name, Item item) throws Malformed {
        switch (item) {
            case Item.Whole(var value) -> {
                if (FLAGS.contains(name) || (NUMBERS.contains(name) && value < 0)) throw new Malformed();
                builder.add(name, Long.toString(value));
            }
            case Item.Flag(var value) -> {
                if (NUMBERS.contains(name)) throw new Malformed();
                builder.add(value ? name : "", "");
            }
            case Item.Text(var value) -> {
                if (NUMBERS.contains(name)) throw new Malformed();
                builder.add(name, value);
            }
            case Item.Other() -> {
                if (NUMBERS.contains(name) || FLAGS.contains(name)) throw new Malformed();
                builder.add(name, "");
            }
        }
    }

    private Map<String, Item> dictionary() throws Malformed {
        var members = new LinkedHashMap<String, Item>(); // of equal names the last counts
        while (at < text.length()) {
            var key = key();
            Item item;
            if (peek() == '=') {
                at++;
                item = peek() == '(' ? innerList() : bareItem();
            } else {
                item = new Item.Flag(true);
            }
            parameters();
            members.put(key, item);
            blanks();
            if (at == text.length()) return members;
            if (text.charAt(at++) != ',') throw new Malformed();
            blanks();
            if (at == text.length()) throw new Malformed();
        }
        return members;
    }

    private void parameters() throws Malformed {
        while (peek() == ';') {
            at++;
            while (peek() == ' ') at++;
            key();
            if (peek() == '=') {
                at++;
                bareItem();
            }
        }
    }

    private Item innerList() throws Malformed {
        at++;
        while (true) {
            while (peek() == ' ') at++;
            if (peek() == ')') {
                at++;
                return new Item.Other();
            }
            bareItem();
            parameters();
            if (peek() != ' ' && peek() != ')') throw new Malformed();
        }
    }

    private String key() throws Malformed {
        int start = at;
        if (!isLower(peek()) && peek() != '*') throw new Malformed();
        while (isLower(peek()) || isDigit(peek()) || "_-.*".indexOf(peek()) >= 0) at++;
        return text.substring(start, at);
    }

    private Item bareItem() throws Malformed {
        char c = peek();
        if (c == '-' || isDigit(c)) return number();
        if (c == '"') return string();
        if (c == '?') return flag();
        if (c == ':') return bytes();
        if (c == '*' || isLower(c) || (c >= 'A' && c <= 'Z')) return token();
        throw new Malformed();
    }

    private Item number() throws Malformed {
        boolean negative = peek() == '-';
        if (negative) at++;
        int start = at;
        long value = 0;
        while (isDigit(peek())) value = value * 10 + (text.charAt(at++) - '0');
        int digits = at - start;
        if (digits == 0 || digits > 15) throw new Malformed();
        if (peek() != '.') return new Item.Whole(negative ? -value : value);
        at++;
        int fraction = at;
        while (isDigit(peek())) at++;
        if (at == fraction || at - fraction > 3 || digits > 12) throw new Malformed();
        return new Item.Other();
    }

    private Item string() throws Malformed {
        var value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return new Item.Text(value.toString());
            }
            if (c < ' ' || c >= 127) throw new Malformed();
            if (c == '\\') {
                at++;
                c = peek();
                if (c != '"' && c != '\\') throw new Malformed();
            }
            value.append(c);
        }
        throw new Malformed();
    }

    private Item flag() throws Malformed {
        at++;
        char c = peek();
        if (c != '0' && c != '1') throw new Malformed();
        at++;
        return new Item.Flag(c == '1');
    }

    private Item bytes() throws Malformed {
        int end = text.indexOf(':', at + 1);
        if (end < 0) throw new Malformed();
        for (int i = at + 1; i < end; i++) {
            char c = text.charAt(i);
            boolean letter = isLower(c) || (c >= 'A' && c <= 'Z');
            if (!letter && !isDigit(c) && "+/=".indexOf(c) < 0) throw new Malformed();
        }
        at = end + 1;
        return new Item.Other();
    }

    private Item token() {
        while (at < text.length() && text.charAt(at) > ' ' && "\"(),;<=>?@[\\]{}".indexOf(text.charAt(at)) < 0) at++;
        return new Item.Other();
    }

    private void blanks() {
        while (peek() == ' ' || peek() == '\t') at++;
    }

    /// The next character, or NUL at the end.
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
