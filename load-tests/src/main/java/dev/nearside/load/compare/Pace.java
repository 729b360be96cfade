package dev.nearside.load.compare;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// How long the comparison takes, for who waits.
///
/// @param rows all of them, in order
record Pace(List<Row> rows, int servers, int rounds, int seconds) {

    private static final int LONGEST_WARM_UP = 10;

    /// What a turn takes beside its seconds: programs start, answers are looked at.
    private static final Duration AROUND_A_TURN = Duration.ofMillis(400);

    /// What filling the caches takes for the mixed set, for each of them.
    private static final Duration TO_FILL = Duration.ofSeconds(8);

    Pace {
        rows = List.copyOf(rows);
    }

    /// In seconds: how long each server has to warm up with a transport.
    int warmUp() {
        return Math.min(LONGEST_WARM_UP, 3 * rounds * seconds);
    }

    /// What the last of the rows take; with all of them, the caches are still to be filled.
    long minutes(List<Row> left) {
        var known = rows.subList(0, rows.size() - left.size()).stream().map(Row::transport);
        var all = Stream.concat(known.distinct(), left.stream().map(Row::transport));
        var warmed = rows.subList(0, rows.size() - left.size()).stream()
                .map(Row::transport)
                .distinct()
                .count();
        var toWarm = all.distinct().count() - warmed;
        var turns = (long) left.size() * servers * (rounds + 1);
        var time = AROUND_A_TURN.plusSeconds(seconds).multipliedBy(turns).plusSeconds(toWarm * servers * warmUp());
        var mixed = left.size() == rows.size() && left.stream().anyMatch(row -> row.subject() instanceof Row.Mixed);
        if (mixed) time = time.plus(TO_FILL.multipliedBy(servers));
        return Math.max(1, Math.round(time.toSeconds() / 60.0));
    }
}
