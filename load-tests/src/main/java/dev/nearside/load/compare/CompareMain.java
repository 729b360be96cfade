package dev.nearside.load.compare;

import dev.nearside.command.CommandLines;
import dev.nearside.load.report.Machine;
import dev.nearside.load.report.MarkedBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line of the comparison. Read [#compare] downwards: this is all that is done.
@Command(
        name = "nearside compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures hits beside nginx, Varnish, Traffic Server and a bare handler of the edge's own stack.",
            "",
            "All are started on free ports with the configurations in load-tests/compare, and asked in turns for the"
                    + " same objects. As root, it installs the Debian packages that are missing.",
            ""
        })
public final class CompareMain implements Callable<Integer> {

    private static final MarkedBlock BLOCK = new MarkedBlock("comparison", "compare");

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--home", hidden = true, required = true)
    private Path home = Path.of("");

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often each peer has its turn; the medians count (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "2",
            description = "How long a turn is (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--rows",
            paramLabel = "ROW",
            split = ",",
            description = {
                "What is measured (default: everything): 1k-1, 1k-32, 1k-256, 16k-…, 64k-…, 1m-…, mixed-…,",
                "tls-1k-32, tls-64k-32, tls-1m-32, h2-1k-32, h2-64k-32. 1k means 1k-1, 1k-32 and 1k-256."
            })
    private List<String> askedRows = new ArrayList<>();

    @Option(
            names = "--peers",
            paramLabel = "PEER",
            split = ",",
            description = "Who is measured (default: nginx,varnish,traffic-server,nearside,bare).")
    private List<String> askedPeers = new ArrayList<>();

    @Option(
            names = "--publish",
            description = "Writes the tables into docs/comparison.md and README.md; all rows and peers are measured.")
    private boolean publish;

    public static void main(String... args) {
        System.exit(CommandLines.of(new CompareMain())
                .setExecutionExceptionHandler((failure, _, _) -> {
                    System.err.println("compare: " + failure.getMessage());
                    return 1;
                })
                .execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rounds < 1 || rounds > 1_000) throw wrong("--rounds: %d (expected: 1 to 1000)".formatted(rounds));
        if (seconds < 1 || seconds > 600) throw wrong("--seconds: %d (expected: 1 to 600)".formatted(seconds));
        var rows = rows();
        var peers = peers();
        if (publish && (!askedRows.isEmpty() || !askedPeers.isEmpty())) {
            throw wrong("--publish: only with all rows and peers");
        }
        var report = compare(rows, peers);
        System.out.print(report.text());
        if (report.results().flaws().isEmpty()) {
            if (publish) publish(report);
            return 0;
        }
        report.results().flaws().forEach(flaw -> System.err.println("does not count: " + flaw));
        return 1;
    }

    private Report compare(List<Row> rows, List<Peer> peers) throws IOException, InterruptedException {
        var stage = Stage.open(home);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> closeQuietly(stage), "stop"));
        try (stage) {
            var setting = new Setting(Machine.here(), Stage.generators(), rounds, seconds);
            var pace = new Pace(rows, peers.size(), rounds, seconds);
            say("%s, %s, %s of %d s: about %s"
                    .formatted(
                            count(rows.size(), "row"),
                            count(peers.size(), "server"),
                            count(rounds, "round"),
                            seconds,
                            count(pace.minutes(rows), "minute")));
            say("starting the origin and "
                    + String.join(", ", peers.stream().map(Peer::title).toList()));
            var origin = stage.startOrigin();
            var servers = new ArrayList<Server>();
            for (var peer : peers) servers.add(stage.start(peer, origin));
            var generator = new Generator(stage);
            try (var viewer = new Viewer(origin, stage.certificate())) {
                return new Report(setting, servers, measure(rows, servers, viewer, generator, pace));
            }
        }
    }

    private Results measure(List<Row> rows, List<Server> servers, Viewer viewer, Generator generator, Pace pace)
            throws IOException, InterruptedException {
        var results = new Results(servers.stream().map(Server::peer).toList());
        for (var subject : rows.stream().map(Row::subject).distinct().toList()) {
            for (var server : servers) generator.fill(server, subject);
        }
        var warm = EnumSet.noneOf(Row.Transport.class);
        for (var row : rows) {
            // What is compiled while it runs has its time: much for each transport, then a turn for each row.
            if (warm.add(row.transport())) {
                var first = new Row(row.subject(), row.transport(), 32);
                for (var server : servers) warmUp(server, first, pace.warmUp(), generator);
            }
            for (var server : servers) warmUp(server, row, seconds, generator);
            var turn = new ArrayList<>(servers);
            for (var round = 0; round < rounds; round++) {
                for (var server : turn) results.add(row, server.peer(), round(server, row, viewer, generator));
                Collections.rotate(turn, 1); // nobody always follows the same neighbour
            }
            say("%-11s %s".formatted(row.name(), results.line(row)));
            var left = rows.subList(rows.indexOf(row) + 1, rows.size());
            if (!left.isEmpty()) {
                say("%d of %s, about %s left"
                        .formatted(
                                rows.size() - left.size(),
                                count(rows.size(), "row"),
                                count(pace.minutes(left), "minute")));
            }
        }
        return results;
    }

    /// A server that fails here fails again where it is measured.
    private static void warmUp(Server server, Row row, int seconds, Generator generator) throws InterruptedException {
        try {
            generator.run(server, row, seconds);
        } catch (IOException e) {
            say("%s, %s, while it warms up: %s"
                    .formatted(row.name(), server.peer().title(), e.getMessage()));
        }
    }

    /// One turn: every answer must be a hit of the right length, before, meanwhile and after.
    private Round round(Server server, Row row, Viewer viewer, Generator generator) throws InterruptedException {
        try {
            return measured(server, row, viewer, generator);
        } catch (IOException e) {
            return new Round.Flawed(String.valueOf(e.getMessage()));
        }
    }

    private Round measured(Server server, Row row, Viewer viewer, Generator generator)
            throws IOException, InterruptedException {
        var fault = viewer.fault(server, row);
        if (fault.isPresent()) return new Round.Flawed(fault.get());
        var tripsBefore = viewer.tripsToOrigin();
        var before = Usage.of(server.processes());
        var run = generator.run(server, row, seconds);
        var used = Usage.of(server.processes()).minus(before);
        var trips = viewer.tripsToOrigin() - tripsBefore;
        if (trips > 0) return new Round.Flawed(trips + " requests went to the origin");
        if (used.readFromDisk() > run.bytes() / 100) {
            return new Round.Flawed("%,d bytes were read from disk".formatted(used.readFromDisk()));
        }
        var flaw = run.flaw(row);
        if (!flaw.isEmpty()) return new Round.Flawed(flaw);
        var after = viewer.fault(server, row);
        if (after.isPresent()) return new Round.Flawed(after.get());
        return new Round.Measured(
                run.perSecond(), run.p50(), run.p99(), used.cpu().toNanos() / 1e3 / run.requests());
    }

    private void publish(Report report) throws IOException {
        var page = home.resolve("docs/comparison.md");
        Files.writeString(page, BLOCK.replace(Files.readString(page), report.page()));
        var readme = home.resolve("README.md");
        Files.writeString(readme, BLOCK.replace(Files.readString(readme), report.summary()));
        say("written: docs/comparison.md, README.md");
    }

    private List<Row> rows() {
        for (var asked : askedRows) {
            if (Row.all().stream().noneMatch(row -> row.isMeantBy(asked))) {
                throw wrong("--rows: %s (expected: some of %s)"
                        .formatted(
                                asked,
                                String.join(
                                        ", ", Row.all().stream().map(Row::name).toList())));
            }
        }
        return Row.all().stream()
                .filter(row -> askedRows.isEmpty() || askedRows.stream().anyMatch(row::isMeantBy))
                .toList();
    }

    private List<Peer> peers() {
        var all = Arrays.asList(Peer.values());
        var names = all.stream().map(Peer::option).toList();
        for (var asked : askedPeers) {
            if (!names.contains(asked)) {
                throw wrong("--peers: %s (expected: some of %s)".formatted(asked, String.join(", ", names)));
            }
        }
        return all.stream()
                .filter(peer -> askedPeers.isEmpty() || askedPeers.contains(peer.option()))
                .toList();
    }

    private ParameterException wrong(String problem) {
        if (spec == null) throw new IllegalStateException("picocli has set the spec");
        return new ParameterException(spec.commandLine(), problem);
    }

    private static String count(long number, String what) {
        return "%d %s%s".formatted(number, what, number == 1 ? "" : "s");
    }

    private static void say(String what) {
        System.err.println(String.format(Locale.ROOT, "compare: %s", what));
    }

    private static void closeQuietly(Stage stage) {
        try {
            stage.close();
        } catch (IOException e) {
            say("something is left: " + e.getMessage());
        }
    }
}
