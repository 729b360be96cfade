package dev.nearside.control;

import dev.nearside.control.persistence.DatabaseSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// Control planes in processes of their own, killed at any instant while they are written to; and whether what they
/// acknowledged is there afterwards, whole, and under its number.
///
/// On H2 there is one, on PostgreSQL there are two on one database, of which one is killed while the other goes on.
/// As a program (`ROUNDS FOLDER`) it plays the rounds on both in turn, prints figures, and fails if anything was lost.
/// With the class path of an earlier build behind it, one of the two on PostgreSQL is of that build, and H2 is left
/// out.
final class KillRounds implements AutoCloseable {
    private static final int WRITERS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Pattern VERSION = Pattern.compile("\"version\":(\\d+)");
    private static final Pattern POSITION = Pattern.compile("\"(?:logPosition|position)\":(\\d+)");
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
    private static final Pattern HASH = Pattern.compile("\"hash\":\"([^\"]+)\"");
    private static final Pattern TTL = Pattern.compile("\"defaultTTL\":(\\d+)");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Engine engine;
    private final DatabaseSettings settings;
    private final Random random;
    private final List<Place> places = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private String admin = "";
    private String edge = "";
    private String invalidations = "";
    private String epoch = "";
    private final List<Writer> writers = new ArrayList<>();

    /// What was acknowledged: orders by position, snapshots by version, policies by id and version.
    private final Map<Long, String> orders = new ConcurrentHashMap<>();

    private final Map<Long, String> snapshots = new ConcurrentHashMap<>();
    private final Map<String, Integer> versions = new ConcurrentHashMap<>();
    private final Map<Long, String> log = new TreeMap<>();
    private final ConcurrentLinkedQueue<String> twice = new ConcurrentLinkedQueue<>();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicBoolean isWriting = new AtomicBoolean();
    private int rounds;
    private long startMillis;

    /// Where a control plane runs, killed and started again.
    private static final class Place {
        private final Path data;
        private final String build;
        private volatile Optional<ControlPlaneProcess> process = Optional.empty();

        Place(Path data, String build) {
            this.data = data;
            this.build = build;
        }

        void start(DatabaseSettings settings) throws IOException {
            process = Optional.of(ControlPlaneProcess.start(data, settings, build));
        }

        Optional<URI> uri() {
            return process.filter(ControlPlaneProcess::isAlive).flatMap(ControlPlaneProcess::uri);
        }
    }

    KillRounds(Engine engine, Path folder, long seed) throws Exception {
        this(engine, folder, seed, ControlPlaneProcess.ownBuild());
    }

    /// @param first the class path of the build that starts first, and makes the database
    private KillRounds(Engine engine, Path folder, long seed, String first) throws Exception {
        this.engine = engine;
        this.random = new Random(seed);
        this.settings = engine.fresh(folder.resolve("one"));
        places.add(new Place(folder.resolve("one"), first));
        if (engine == Engine.POSTGRES) places.add(new Place(folder.resolve("two"), ControlPlaneProcess.ownBuild()));
        if (engine == Engine.H2) reuseSpaceSoon(folder.resolve("one"));
        begin();
    }

    /// A file that takes up space again after half a second, and not after the usual 45, lives through in one
    /// round what others live through in a day.
    private static void reuseSpaceSoon(Path directory) throws Exception {
        Files.createDirectories(directory);
        try (var connection = DriverManager.getConnection("jdbc:h2:file:" + directory.resolve("nearside"));
                var statement = connection.createStatement()) {
            statement.execute("set retention_time 500");
        }
    }

    private void begin() throws Exception {
        // One after the other: the first one's directory gets the password.
        for (var place : places) start(place);
        var password = Files.readString(places.getFirst().data.resolve(ControlPlane.FIRST_PASSWORD_FILE))
                .strip();
        var login =
                must("POST", "/api/v1/login", "{\"username\": \"admin\", \"password\": \"%s\"}".formatted(password));
        admin = found("\"token\":\"([^\"]+)\"", login.body());
        admin = found(
                "\"token\":\"([^\"]+)\"",
                must("POST", "/api/v1/tokens", "{\"name\": \"w\", \"role\": \"admin\"}")
                        .body());
        var invitation = found(
                "\"token\":\"([^\"]+)\"",
                must("POST", "/api/v1/enrolment-tokens", "").body());
        var enrolled = must(
                "POST",
                "/edge/v1/enrol",
                "{\"token\": \"%s\", \"name\": \"edge\", \"version\": \"1\"}".formatted(invitation));
        edge = found("\"credential\":\"([^\"]+)\"", enrolled.body());
        var site = must(
                "POST", "/api/v1/distributions", Documents.distribution("site", "site.test", "CachingOptimized", true));
        invalidations = "/api/v1/distributions/" + found(ID.pattern(), site.body()) + "/invalidations";
        for (int i = 0; i < WRITERS; i++) writers.add(new Writer(i));
        // The first look tells which log it is; the next ones read it from its beginning.
        readLog();
    }

    private void start(Place place) throws Exception {
        long began = System.nanoTime();
        place.start(settings);
        awaitReady(place);
        startMillis += (System.nanoTime() - began) / 1_000_000;
    }

    private void awaitReady(Place place) throws Exception {
        var process = place.process.orElseThrow();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (process.uri().isEmpty()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new AssertionError("it did not start: " + String.join("\n", process.said()));
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }

    /// Somebody who writes until it is told to stop, and knows what was acknowledged.
    private final class Writer {
        private final int number;
        private final Random choice;
        private final String policy;
        private String etag;
        private int ttl = 1;
        private int acknowledgedVersion;
        private Optional<String> pending = Optional.empty();
        private int ordered;

        Writer(int number) throws Exception {
            this.number = number;
            this.choice = new Random(random.nextLong());
            var made = must("POST", "/api/v1/cache-policies", policy(ttl));
            this.policy = found(ID.pattern(), made.body());
            this.etag = made.headers().firstValue("ETag").orElseThrow();
            acknowledge(etag, ttl);
        }

        private String policy(int seconds) {
            return "{\"name\": \"writer-%d\", \"minTTL\": 0, \"defaultTTL\": %d, \"maxTTL\": 31536000}"
                    .formatted(number, seconds);
        }

        private void acknowledge(String tag, int seconds) {
            acknowledgedVersion = Integer.parseInt(tag.replaceAll("\\D", ""));
            versions.put(policy + " " + acknowledgedVersion, seconds);
        }

        /// One write; whoever does not answer may have done it or not.
        void write() {
            try {
                switch (choice.nextInt(4)) {
                    case 0 -> publish();
                    case 1, 2 -> order();
                    default -> save();
                }
            } catch (IOException _) {
                unanswered.incrementAndGet();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        private void save() throws IOException, InterruptedException {
            var answer = send(number, "PUT", "/api/v1/cache-policies/" + policy, policy(++ttl), "If-Match", etag);
            if (answer.statusCode() == 200) {
                etag = answer.headers().firstValue("ETag").orElseThrow();
                acknowledge(etag, ttl);
                acknowledged.incrementAndGet();
            } else if (answer.statusCode() == 412) {
                // An earlier write was done and not answered: its version is the one after the last.
                var now = send(number, "GET", "/api/v1/cache-policies/" + policy, "");
                if (now.statusCode() != 200) return;
                etag = now.headers().firstValue("ETag").orElseThrow();
                int version = Integer.parseInt(etag.replaceAll("\\D", ""));
                if (version <= acknowledgedVersion) twice.add("policy " + policy + " fell back to " + version);
                acknowledge(etag, Integer.parseInt(found(TTL.pattern(), now.body())));
            } else {
                unexpected(answer);
            }
        }

        private void publish() throws IOException, InterruptedException {
            var answer = send(number, "POST", "/api/v1/snapshots", "{\"comment\": \"by %d\"}".formatted(number));
            if (answer.statusCode() != 201) {
                unexpected(answer);
                return;
            }
            var version = Long.parseLong(found(VERSION.pattern(), answer.body()));
            var before = snapshots.put(version, found(HASH.pattern(), answer.body()));
            if (before != null) twice.add("snapshot " + version);
            acknowledged.incrementAndGet();
        }

        /// The same order is given until it was answered.
        private void order() throws IOException, InterruptedException {
            var reference = pending.orElseGet(() -> number + "-" + ++ordered);
            pending = Optional.of(reference);
            var order = "{\"paths\": [\"/%s\"], \"callerReference\": \"%s\"}".formatted(reference, reference);
            var answer = send(number, "POST", invalidations, order);
            // 200 where the order that was not answered was taken nevertheless.
            if (answer.statusCode() != 201 && answer.statusCode() != 200) {
                unexpected(answer);
                return;
            }
            var before = orders.put(Long.parseLong(found(POSITION.pattern(), answer.body())), "/" + reference);
            if (before != null) twice.add("position of " + reference + " and " + before);
            pending = Optional.empty();
            acknowledged.incrementAndGet();
        }

        private void unexpected(HttpResponse<String> answer) throws IOException {
            if (answer.statusCode() >= 500) throw new IOException("status " + answer.statusCode());
            twice.add("writer %d was answered %d %s".formatted(number, answer.statusCode(), answer.body()));
        }
    }

    /// Writes, kills one at some instant, starts it again, and compares.
    void round() throws Exception {
        isWriting.set(true);
        var threads = writers.stream()
                .map(writer -> Thread.ofVirtual().start(() -> {
                    while (isWriting.get()) writer.write();
                }))
                .toList();
        var victim = places.get(random.nextInt(places.size()));
        park(random.nextInt(50, 2_500));
        victim.process.orElseThrow().kill();
        // Now and then in the middle of its start, too.
        if (random.nextInt(5) == 0) {
            victim.start(settings);
            park(random.nextInt(100, 2_500));
            victim.process.orElseThrow().kill();
        }
        if (places.size() > 1) park(random.nextInt(50, 500));
        isWriting.set(false);
        for (var thread : threads) thread.join();
        start(victim);
        rounds++;
        compare(false);
    }

    private static void park(int millis) {
        java.util.concurrent.locks.LockSupport.parkNanos(millis * 1_000_000L);
    }

    /// Everything that was acknowledged against everything that is there; of the log, what is new.
    private void compare(boolean all) throws Exception {
        if (all) log.clear();
        readLog();
        broken.addAll(twice);
        twice.clear();
        orders.forEach((position, path) -> {
            if (!path.equals(log.get(position))) {
                broken.add("order %d %s is %s in the log".formatted(position, path, log.get(position)));
            }
        });
        var byPath = new HashMap<String, Long>();
        log.forEach((position, path) -> {
            var before = byPath.put(path, position);
            if (before != null) broken.add("%s is in the log at %d and %d".formatted(path, before, position));
        });
        for (var snapshot : (all ? snapshots : latest(snapshots)).entrySet()) {
            var answer = send(0, "GET", "/api/v1/snapshots/" + snapshot.getKey(), "");
            if (!answer.body().contains(snapshot.getValue())) broken.add("snapshot " + snapshot);
        }
        for (var version : versions.entrySet()) {
            var words = version.getKey().split(" ", -1);
            if (!all && !writers.stream().anyMatch(writer -> isRecent(writer, words))) continue;
            var answer = send(0, "GET", "/api/v1/cache-policies/%s/versions/%s".formatted(words[0], words[1]), "");
            if (!answer.body().contains("\"defaultTTL\":" + version.getValue())) broken.add("version " + version);
        }
    }

    private static boolean isRecent(Writer writer, String... words) {
        return writer.policy.equals(words[0]) && Integer.parseInt(words[1]) > writer.acknowledgedVersion - 10;
    }

    private static Map<Long, String> latest(Map<Long, String> some) {
        var sorted = new TreeMap<>(some);
        while (sorted.size() > 10) sorted.pollFirstEntry();
        return sorted;
    }

    /// The log as an edge reads it, on from where it was read last; a gap in it is broken.
    private void readLog() throws Exception {
        long from = log.keySet().stream().mapToLong(position -> position).max().orElse(0);
        var request =
                HttpRequest.newBuilder(anywhere(0).resolve("/edge/v1/feed")).header("Authorization", "Bearer " + edge);
        if (!epoch.isEmpty()) request.header("Last-Event-ID", "%s/%d/0".formatted(epoch, from));
        try (var feed = new EventReader(http.send(request.build(), BodyHandlers.ofInputStream()))) {
            long last = from;
            while (true) {
                var event = feed.next();
                switch (event.name()) {
                    case "hello" -> {
                        var told = found("\"epoch\":\"([^\"]+)\"", event.data());
                        if (!epoch.isEmpty() && !told.equals(epoch)) broken.add("another epoch: " + told);
                        epoch = told;
                    }
                    case "reset" -> {
                        if (!log.isEmpty()) broken.add("the edge was sent back from " + from);
                    }
                    case "invalidation" -> {
                        long position = Long.parseLong(found(POSITION.pattern(), event.data()));
                        if (position != last + 1) broken.add("after %d comes %d".formatted(last, position));
                        last = position;
                        log.put(position, found("\"paths\":\\[\"([^\"]+)\"", event.data()));
                    }
                    case "caught-up" -> {
                        return;
                    }
                    default -> {}
                }
            }
        }
    }

    private static String found(String pattern, String text) {
        var matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) throw new AssertionError("no " + pattern + " in " + text);
        return matcher.group(1);
    }

    /// One that serves, a writer's own if it does.
    private URI anywhere(int writer) throws IOException {
        for (int i = 0; i < places.size(); i++) {
            var uri = places.get((writer + i) % places.size()).uri();
            if (uri.isPresent()) return uri.get();
        }
        park(20);
        throw new IOException("none serves");
    }

    private HttpResponse<String> send(int writer, String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(anywhere(writer).resolve(path)).timeout(Duration.ofMinutes(2));
        if (!admin.isEmpty() && !path.startsWith("/edge/")) request.header("Authorization", "Bearer " + admin);
        if (headers.length > 0) request.headers(headers);
        if (!body.isEmpty()) request.header("Content-Type", "application/json");
        return http.send(request.method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> must(String method, String path, String body) throws Exception {
        var answer = send(0, method, path, body);
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError("%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
        }
        return answer;
    }

    /// Compares everything from the very beginning; what was lost, or was there twice, in words.
    List<String> broken() throws Exception {
        compare(true);
        return List.copyOf(broken);
    }

    int acknowledged() {
        return acknowledged.get();
    }

    String figures() {
        return "%-8s %4d kills, %6d writes acknowledged, %4d unanswered; log of %d, %d snapshots, %d versions; start %d ms"
                .formatted(
                        engine.name().toLowerCase(Locale.ROOT),
                        rounds,
                        acknowledged.get(),
                        unanswered.get(),
                        log.size(),
                        snapshots.size(),
                        versions.size(),
                        startMillis / Math.max(rounds + places.size(), 1));
    }

    @Override
    public void close() {
        for (var place : places) {
            if (place.process.isPresent()) place.process.get().kill();
        }
        http.close();
    }

    private static void tell(PrintStream out, int rounds, List<KillRounds> all) {
        long lost = all.stream().mapToLong(played -> played.broken.size()).sum();
        out.printf("  %d rounds, %d findings%n", rounds, lost);
        for (var played : all) out.println("    " + played.figures());
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        var folder = Path.of(arguments[1]);
        var out = new PrintStream(System.out, true);
        long seed = System.nanoTime();
        out.printf("control plane: %d rounds of kill -9, seed %d%n", rounds, seed);
        boolean isWhole = true;
        var all = new ArrayList<KillRounds>();
        try {
            if (arguments.length > 2) all.add(new KillRounds(Engine.POSTGRES, folder, seed, arguments[2]));
            else
                for (var engine : Engine.values()) all.add(new KillRounds(engine, folder.resolve(engine.name()), seed));
            for (int i = 0; i < rounds; i++) {
                all.get(i % all.size()).round();
                if ((i + 1) % 10 == 0) tell(out, i + 1, all);
            }
            for (var played : all) {
                var broken = played.broken();
                out.println("  " + played.figures());
                broken.stream().limit(20).forEach(what -> out.println("    LOST: " + what));
                isWhole &= broken.isEmpty();
            }
        } finally {
            for (var played : all) played.close();
        }
        out.println(isWhole ? "  nothing that was acknowledged is lost" : "  FAILED: see above");
        System.exit(isWhole ? 0 : 1);
    }
}
