package dev.nearside.load.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All rounds so far, and the tables that they make.
final class Results {

    private final List<Peer> peers;
    private final Map<Row, Map<Peer, List<Round>>> rounds = new LinkedHashMap<>();

    Results(List<Peer> peers) {
        this.peers = List.copyOf(peers);
    }

    void add(Row row, Peer peer, Round round) {
        rounds.computeIfAbsent(row, _ -> new EnumMap<>(Peer.class))
                .computeIfAbsent(peer, _ -> new ArrayList<>())
                .add(round);
    }

    boolean measured(Peer peer) {
        return peers.contains(peer);
    }

    Round median(Row row, Peer peer) {
        return Round.median(rounds.getOrDefault(row, Map.of()).getOrDefault(peer, List.of()));
    }

    /// One row in short, for who waits.
    String line(Row row) {
        return peers.stream()
                .map(peer -> switch (median(row, peer)) {
                    case Round.Flawed _ -> peer.title() + " -";
                    case Round.Measured(var rate, var _, var _, var _) -> "%s %,.0f".formatted(peer.title(), rate);
                })
                .collect(Collectors.joining("   "));
    }

    /// Each flaw once, with its place.
    List<String> flaws() {
        return rounds.keySet().stream()
                .flatMap(row -> peers.stream()
                        .flatMap(peer -> median(row, peer) instanceof Round.Flawed(var why)
                                ? Stream.of("%s, %s: %s".formatted(row.name(), peer.title(), why))
                                : Stream.empty()))
                .toList();
    }

    /// Answers per second, and how many times those of each other peer the edge's are.
    String rates() {
        return table((row, peer) -> switch (median(row, peer)) {
            case Round.Flawed _ -> "-";
            case Round.Measured(var rate, var _, var _, var _) ->
                peer == Peer.NEARSIDE ? "**%,.0f**".formatted(rate) : "%,.0f (%s)".formatted(rate, ratio(row, peer));
        });
    }

    /// The ratios alone, as the README shows them.
    String ratios() {
        return table((row, peer) -> switch (median(row, peer)) {
            case Round.Flawed _ -> "-";
            case Round.Measured(var rate, var _, var _, var _) ->
                peer == Peer.NEARSIDE ? "%,.0f hits/s".formatted(rate) : ratio(row, peer);
        });
    }

    /// Median and 99th percentile of the time for an answer, in milliseconds.
    String times() {
        return table((row, peer) -> switch (median(row, peer)) {
            case Round.Flawed _ -> "-";
            case Round.Measured(var _, var p50, var p99, var _) ->
                String.format(Locale.ROOT, "%.2f / %.2f", p50 / 1e3, p99 / 1e3);
        });
    }

    /// Microseconds of processor time for an answer.
    String cpu() {
        return table((row, peer) -> switch (median(row, peer)) {
            case Round.Flawed _ -> "-";
            case Round.Measured(var _, var _, var _, var cpu) -> String.format(Locale.ROOT, "%.1f", cpu);
        });
    }

    /// Where caches are ahead of the edge, and how much of theirs it reaches; empty if nowhere.
    String behind() {
        return rounds.keySet().stream()
                .filter(row -> perSecond(row, Peer.NEARSIDE) > 0)
                .map(row -> row.title() + ": "
                        + peers.stream()
                                .filter(Peer::isCache)
                                .filter(peer -> perSecond(row, peer) > perSecond(row, Peer.NEARSIDE))
                                .map(peer -> ratio(row, peer) + " of " + peer.title())
                                .collect(Collectors.joining(", ")))
                .filter(line -> !line.endsWith(": "))
                .collect(Collectors.joining("; "));
    }

    private String ratio(Row row, Peer peer) {
        var edge = perSecond(row, Peer.NEARSIDE);
        return edge == 0 ? "-" : String.format(Locale.ROOT, "%.2f", edge / perSecond(row, peer));
    }

    private double perSecond(Row row, Peer peer) {
        return median(row, peer) instanceof Round.Measured measured ? measured.perSecond() : 0;
    }

    private String table(BiFunction<Row, Peer, String> cell) {
        var text = new StringBuilder("| |");
        for (var peer : peers) text.append(' ').append(peer.title()).append(" |");
        text.append("\n|---|").append("--:|".repeat(peers.size())).append('\n');
        for (var row : rounds.keySet()) {
            text.append("| ").append(row.title()).append(" |");
            for (var peer : peers)
                text.append(' ').append(cell.apply(row, peer)).append(" |");
            text.append('\n');
        }
        return text.toString();
    }
}
