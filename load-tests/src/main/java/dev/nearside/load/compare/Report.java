package dev.nearside.load.compare;

import java.util.List;
import java.util.stream.Collectors;

/// What was found, as people read it.
record Report(Setting setting, List<Server> servers, Results results) {

    Report {
        servers = List.copyOf(servers);
    }

    /// The tables of `docs/comparison.md`.
    String page() {
        return """
                %s

                ### Hits per second

                In brackets: Nearside's divided by this peer's; above 1 Nearside is faster.

                %s
                %s

                ### Time for an answer: median / 99th percentile, in milliseconds

                %s
                ### Processor time of the server for an answer, in microseconds

                %s
                """.formatted(conditions(), results.rates(), behind(), results.times(), results.cpu());
    }

    /// The table of the README.
    String summary() {
        return """
                Nearside's hits per second, and how many times those of each peer they are:

                %s
                %s %s
                """.formatted(results.ratios(), behind(), conditions());
    }

    /// What a terminal shows.
    String text() {
        return page().replace("**", "");
    }

    private String behind() {
        if (!results.measured(Peer.NEARSIDE)) return "Nearside was left out.";
        var behind = results.behind();
        return behind.isEmpty() ? "No cache is ahead of Nearside in any row." : "Behind: " + behind + '.';
    }

    private String conditions() {
        return "%s; medians of %d rounds of %d s. %s; %s."
                .formatted(
                        setting.machine(),
                        setting.rounds(),
                        setting.seconds(),
                        servers.stream()
                                .map(server -> server.peer().title() + ' ' + server.version())
                                .collect(Collectors.joining("; ")),
                        setting.generators());
    }
}
