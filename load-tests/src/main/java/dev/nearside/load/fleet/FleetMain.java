package dev.nearside.load.fleet;

import dev.nearside.command.CommandLines;
import dev.nearside.load.report.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Starts a control plane, lets a fleet of simulated edges follow it, publishes, invalidates, and says how long it
/// took.
@Command(
        name = "nearside load fleet",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "How one control plane does with many edges; the edges are simulated, in a process of their own.")
public final class FleetMain implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
    private static final Pattern CREDENTIAL = Pattern.compile("\"credential\":\"([^\"]+)\"");
    private static final Pattern ID = Pattern.compile("\"id\":\"(E[A-Z0-9]{13})\"");
    private static final Pattern VERSION = Pattern.compile("\"version\":([0-9]+)");
    private static final Pattern POSITION = Pattern.compile("\"(?:position|logPosition)\":([0-9]+)");

    @Option(names = "--home", hidden = true, required = true)
    private Path home = Path.of("");

    @Option(
            names = "--edges",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many edges (default: ${DEFAULT-VALUE}).")
    private int edges;

    @Option(
            names = "--distributions",
            paramLabel = "N",
            defaultValue = "100",
            description = "How much a snapshot holds (default: ${DEFAULT-VALUE} distributions).")
    private int distributions;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "20",
            description = "How often it publishes, and invalidates (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to watch while nothing happens (default: ${DEFAULT-VALUE}).")
    private int idleSeconds;

    private String admin = "";
    private String site = "";
    private final List<SimulatedEdge> fleet = new ArrayList<>();

    private FleetMain() {}

    public static void main(String... arguments) {
        System.exit(CommandLines.of(new FleetMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        System.out.println(Machine.here());
        var folder = Files.createTempDirectory("nearside-fleet");
        try (var subject = Subject.start(home.resolve("nearside"), folder);
                var api = new Http(subject.port())) {
            var login = api.ask(
                    "POST",
                    "/api/v1/login",
                    "",
                    "{\"username\":\"admin\",\"password\":\"%s\"}".formatted(subject.firstPassword()));
            admin = found(TOKEN, login.body());
            configure(api);
            enrol(subject);
            await("every edge to report for the first time", edge -> edge.hasReportedSnapshot(1));
            measure(subject, api);
            var given = fleet.stream().map(SimulatedEdge::trouble).filter(t -> !t.isEmpty());
            given.distinct().forEach(trouble -> System.out.println("An edge gave up: " + trouble));
            subject.complaints().stream().limit(10).forEach(System.out::println);
            return fleet.stream().allMatch(edge -> edge.trouble().isEmpty()) ? 0 : 1;
        } finally {
            fleet.forEach(SimulatedEdge::close);
            delete(folder);
        }
    }

    private void configure(Http api) throws IOException {
        for (int i = 0; i < distributions; i++) {
            var made = expect(201, api.ask("POST", "/api/v1/distributions", admin, distribution(i)));
            if (i == 0) site = found(ID, made);
        }
        expect(201, api.ask("POST", "/api/v1/snapshots", admin, ""));
    }

    private static String distribution(int number) {
        return """
                {"name":"site-%1$d","enabled":true,"aliases":["www.site-%1$d.test","static.site-%1$d.test"],
                 "origins":[{"id":"site","domainName":"10.0.0.1","httpPort":8060,"originProtocolPolicy":"http-only"}],
                 "defaultCacheBehavior":{"targetOriginId":"site","viewerProtocolPolicy":"allow-all",
                  "cachePolicyId":"CachingOptimized"}}
                """.formatted(number);
    }

    private void enrol(Subject subject) throws Exception {
        long start = System.nanoTime();
        try (var pool = Executors.newFixedThreadPool(4)) {
            var enrolments = IntStream.range(0, edges)
                    .<Callable<SimulatedEdge>>mapToObj(
                            number -> () -> enrol(subject.port(), "edge-%04d".formatted(number)))
                    .toList();
            for (var enrolled : pool.invokeAll(enrolments)) fleet.add(enrolled.get());
        }
        System.out.printf(Locale.ROOT, "%d edges enrolled in %.1f s%n", edges, (System.nanoTime() - start) / 1e9);
    }

    private SimulatedEdge enrol(int port, String name) throws IOException {
        try (var http = new Http(port)) {
            var token = found(TOKEN, expect(201, http.ask("POST", "/api/v1/enrolment-tokens", admin, "")));
            var asked = "{\"token\":\"%s\",\"name\":\"%s\",\"version\":\"0.1.0\"}".formatted(token, name);
            var credential = found(CREDENTIAL, expect(201, http.ask("POST", "/edge/v1/enrol", "", asked)));
            return new SimulatedEdge(name, credential, port, counters());
        }
    }

    /// As of an edge that has served a few sites.
    private String counters() {
        var names = List.of(
                "hits",
                "refreshHits",
                "stales",
                "collapsed",
                "misses",
                "passes",
                "errors",
                "hitBytes",
                "refreshHitBytes",
                "staleBytes",
                "collapsedBytes",
                "missBytes",
                "passBytes",
                "errorBytes",
                "originBytes");
        var counts = names.stream().map("\"%s\":12345"::formatted).collect(Collectors.joining(","));
        return "[{\"distributionId\":\"" + site + "\"," + counts + "}]";
    }

    private void measure(Subject subject, Http api) throws Exception {
        var cpu = subject.cpu();
        Thread.sleep(Duration.ofSeconds(idleSeconds));
        double idle = subject.cpu().minus(cpu).toMillis() / 10.0 / idleSeconds;
        long heap = subject.heapMegabytes();
        long resident = subject.residentMegabytes();

        cpu = subject.cpu();
        long packed = packedBytes();
        var told = new ArrayList<Long>();
        var applied = new ArrayList<Long>();
        for (int round = 0; round < rounds; round++) {
            expect(201, api.ask("POST", "/api/v1/cache-policies", admin, """
                    {"name":"policy-%d","minTTL":0,"defaultTTL":60,"maxTTL":300}""".formatted(round)));
            long start = System.nanoTime();
            var answer = expect(201, api.ask("POST", "/api/v1/snapshots", admin, ""));
            long version = Long.parseLong(found(VERSION, answer));
            await("snapshot " + version, edge -> edge.hasReportedSnapshot(version));
            collect(start, SimulatedEdge::snapshotAt, told);
            collect(start, SimulatedEdge::snapshotReportedAt, applied);
        }
        double perPublish = subject.cpu().minus(cpu).toMillis() / 1e3 / rounds;
        long perSnapshot = (packedBytes() - packed) / rounds / edges;

        cpu = subject.cpu();
        var heard = new ArrayList<Long>();
        var receipted = new ArrayList<Long>();
        var waited = new ArrayList<Long>();
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            var answer = expect(
                    201,
                    api.ask(
                            "POST",
                            "/api/v1/distributions/" + site + "/invalidations?wait=30s",
                            admin,
                            "{\"paths\":[\"/round-%d/*\"]}".formatted(round)));
            waited.add(System.nanoTime() - start);
            long position = Long.parseLong(found(POSITION, answer));
            await("position " + position, edge -> edge.hasReportedPosition(position));
            collect(start, SimulatedEdge::positionAt, heard);
            collect(start, SimulatedEdge::positionReportedAt, receipted);
        }
        double perInvalidation = subject.cpu().minus(cpu).toMillis() / 1e3 / rounds;

        System.out.printf(
                Locale.ROOT,
                """

                %d edges on one control plane (H2), each reporting every second; snapshots of %d distributions, \
                %d kB to each edge; %d rounds.

                | milliseconds from the call of the API | median | p99 | longest |
                |---|---|---|---|
                | publish, until an edge has the snapshot | %s |
                | publish, until the control plane knows that it runs | %s |
                | invalidate, until an edge has the order | %s |
                | invalidate, until the control plane has its receipt | %s |
                | invalidate with `?wait=`, until the answer that all have it | %s |

                | the control plane | |
                |---|---|
                | processor while nothing happens | %.0f %% of one core |
                | processor for one publish to all | %.2f s |
                | processor for one invalidation to all | %.2f s |
                | resident | %d MB |
                | heap after a collection | %d MB |
                %n""",
                edges,
                distributions,
                perSnapshot / 1000,
                rounds,
                new Spread(told),
                new Spread(applied),
                new Spread(heard),
                new Spread(receipted),
                new Spread(waited),
                idle,
                perPublish,
                perInvalidation,
                resident,
                heap);
    }

    private long packedBytes() {
        return fleet.stream().mapToLong(SimulatedEdge::packedBytes).sum();
    }

    private void collect(long start, ToLongFunction<SimulatedEdge> at, List<Long> into) {
        for (var edge : fleet) into.add(at.applyAsLong(edge) - start);
    }

    private void await(String what, Predicate<SimulatedEdge> reached) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            long missing = fleet.stream().filter(reached.negate()).count();
            if (missing == 0) return;
            var troubles = fleet.stream()
                    .map(SimulatedEdge::trouble)
                    .filter(t -> !t.isEmpty())
                    .distinct()
                    .toList();
            if (System.nanoTime() > end || !troubles.isEmpty()) {
                throw new IllegalStateException(
                        "%d of %d edges are not there yet: %s %s".formatted(missing, edges, what, troubles));
            }
            Thread.sleep(20);
        }
    }

    private static String expect(int status, Http.Answer answer) throws IOException {
        if (answer.status() != status) throw new IOException(answer.status() + " " + answer.body());
        return answer.body();
    }

    private static String found(Pattern pattern, String text) {
        var match = pattern.matcher(text);
        if (!match.find()) throw new IllegalStateException("no " + pattern + " in " + text);
        return match.group(1);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
