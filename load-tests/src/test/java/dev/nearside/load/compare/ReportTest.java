package dev.nearside.load.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.load.compare.Row.One;
import dev.nearside.load.compare.Row.Transport;
import dev.nearside.load.report.Machine;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final Row ROW = new Row(new One(1024), Transport.HTTP, 32);
    private static final Machine MACHINE =
            new Machine(LocalDate.of(2026, 11, 22), "a processor", 2, "Debian 13", "Linux 6", "25", 0.1);

    @Test
    void saysWhetherAnybodyIsAhead() {
        assertThat(report(Peer.NGINX, Peer.NEARSIDE).text()).contains("No cache is ahead of Nearside in any row.");
        assertThat(report(Peer.NEARSIDE, Peer.NGINX).text()).contains("Behind: 1 KiB, 32 connections: 0.50 of nginx.");
        assertThat(report(Peer.NGINX, Peer.VARNISH).text())
                .contains("Nearside was left out.")
                .doesNotContain("ahead of Nearside");
    }

    @Test
    void saysWhatWasMeasuredWithWhat() {
        assertThat(report(Peer.NGINX, Peer.NEARSIDE).text())
                .contains("Taken on 2026-11-22: a processor, 2 cores, Debian 13, Linux 6, JDK 25;")
                .contains("medians of 5 rounds of 2 s. nginx 1.2; Nearside 1.2; wrk 4, h2load 1.");
    }

    /// Each is twice as fast as the one before.
    private static Report report(Peer... peers) {
        var results = new Results(List.of(peers));
        var rate = 1_000;
        for (var peer : peers) results.add(ROW, peer, new Round.Measured(rate *= 2, 1, 2, 3));
        var servers = Arrays.stream(peers)
                .map(peer -> new Server(peer, "1.2", List.of(), 1, 2, _ -> true))
                .toList();
        return new Report(new Setting(MACHINE, "wrk 4, h2load 1", 5, 2), servers, results);
    }
}
