package dev.nearside.command;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// An amount of bytes as an operator writes it: `512MB`, `20GB`, `2G`, `1GiB`. All units are of 1024.
public final class Size {

    /// What to write instead of something else.
    public static final String EXPECTED = "a size like 512MB or 20GB; units are B, KB, MB, GB and TB, of 1024 each";

    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,18})\\s*(?:B|([KMGT])(?:I?B)?)");

    private Size() {}

    /// In bytes; empty if it is no size, or none that fits into a number.
    public static OptionalLong parse(String said) {
        var written = WRITTEN.matcher(said.strip().toUpperCase(Locale.ROOT));
        if (!written.matches()) return OptionalLong.empty();
        long number = Long.parseLong(written.group(1));
        int shift = written.group(2) == null ? 0 : 10 * ("KMGT".indexOf(written.group(2)) + 1);
        return number <= Long.MAX_VALUE >> shift ? OptionalLong.of(number << shift) : OptionalLong.empty();
    }
}
