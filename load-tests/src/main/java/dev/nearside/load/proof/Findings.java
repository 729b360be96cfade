package dev.nearside.load.proof;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What a proof has found against the edge.
final class Findings {

    private static final int SHOWN = 20;

    enum Kind {
        WRONG_BYTES("answers with wrong bytes"),
        OLD_VERSION("answers with what was invalidated before the question"),
        WRONG_HEAD("answers with a wrong status, length or range"),
        BROKEN_OFF("answers that ended too early, or connections that failed"),
        LOST("objects lost"),
        GROWTH("figures that are not flat"),
        LATE("figures above their bound"),
        PROCESS("what the process did");

        final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final List<String> first = new ArrayList<>();

    synchronized void add(Kind kind, String what) {
        counts.merge(kind, 1, Integer::sum);
        if (first.size() < SHOWN) first.add(kind.words + ": " + what);
    }

    synchronized int count(Kind kind) {
        return counts.getOrDefault(kind, 0);
    }

    synchronized boolean isEmpty() {
        return counts.isEmpty();
    }

    /// The number of each kind, and the first of them in words.
    synchronized void print(PrintStream out, Kind... looked) {
        for (var kind : looked) out.printf("  %-60s %d%n", kind.words, counts.getOrDefault(kind, 0));
        for (var each : first) out.println("  ! " + each);
    }
}
