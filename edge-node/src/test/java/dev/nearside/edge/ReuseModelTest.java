package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import dev.nearside.edge.http.HttpDate;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.CaughtUp;
import dev.nearside.model.wire.feed.InvalidationMessage;
import dev.nearside.model.wire.feed.Reset;
import dev.nearside.model.wire.feed.SnapshotMessage;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/// Whatever happens in whatever order: a real edge never serves what a simple model of the rules forbids.
class ReuseModelTest {

    private static final String EPOCH = "e";
    private static final long DEFAULT_TTL = 7;
    private static final Duration ERROR_MINIMUM = Duration.ofSeconds(10);

    /// What one test does next.
    sealed interface Step {
        record Fetch() implements Step {}

        record Pass(Duration time) implements Step {}

        record Change(Manner manner) implements Step {}

        record Fail() implements Step {}

        record Recover() implements Step {}

        record Invalidate() implements Step {}
    }

    /// How the origin wants its next version to be reused.
    ///
    /// @param lifetime in seconds, of what it allows to be reused unasked
    /// @param swr seconds of `stale-while-revalidate`
    /// @param sie seconds of `stale-if-error`
    /// @param staleOnError whether it may stand in for a failing origin without any of these
    record Manner(String said, long lifetime, int swr, OptionalInt sie, boolean staleOnError) {
        static Manner plain(String said, long lifetime) {
            return new Manner(said, lifetime, 0, OptionalInt.empty(), true);
        }

        static Manner strict(String said, long lifetime) {
            return new Manner(said, lifetime, 0, OptionalInt.empty(), false);
        }
    }

    private static final List<Manner> MANNERS = List.of(
            Manner.plain("max-age=10", 10),
            Manner.plain("public", DEFAULT_TTL),
            Manner.strict("max-age=10, must-revalidate", 10),
            Manner.strict("max-age=10, proxy-revalidate", 10),
            Manner.strict("s-maxage=5", 5),
            Manner.strict("no-cache", 0),
            Manner.strict("no-store", 0),
            Manner.strict("private, max-age=10", 0),
            new Manner("max-age=5, stale-while-revalidate=5", 5, 5, OptionalInt.empty(), true),
            new Manner("max-age=5, stale-while-revalidate=5, stale-if-error=20", 5, 5, OptionalInt.of(20), false),
            new Manner("s-maxage=5, stale-if-error=5", 5, 0, OptionalInt.of(5), false),
            new Manner("max-age=5, stale-if-error=0", 5, 0, OptionalInt.of(0), false));

    /// Something that the origin said; a failure if it has no version.
    private record Said(int order, Instant at, Optional<Version> version) {}

    private record Version(int number, Manner manner) {
        String body() {
            return "version " + number;
        }

        /// Every other version can be confirmed.
        Optional<String> etag() {
            return number % 2 == 0 ? Optional.of("\"" + number + "\"") : Optional.empty();
        }
    }

    private record Node(
            ScriptedOrigin origin, ScriptedControlPlane control, HandMovedClock clock, Edge edge, Path folder) {

        boolean isIdle(HttpClient operator) throws Exception {
            var metrics = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.managementPort() + "/metrics"))
                    .build();
            return operator.send(metrics, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .contains("\nnearside_origin_fetches 0\n");
        }
    }

    private static @Nullable Node shared;
    private static int plays;
    private static int invalidations;

    @BeforeContainer
    static void start() throws IOException {
        var folder = Files.createTempDirectory("reuse-model");
        Files.writeString(folder.resolve("token"), "one-time\n");
        var origin = new ScriptedOrigin();
        var control = new ScriptedControlPlane();
        var clock = new HandMovedClock();
        var edge = SmallNode.in(folder).following(control.address()).start(clock);
        shared = new Node(origin, control, clock, edge, folder);
        await().until(() -> !control.places().isEmpty());
        control.send("reset", new Reset(EPOCH, 0));
        control.send("snapshot", SnapshotMessage.of(1, configuration(origin.port())));
        control.send("caught-up", new CaughtUp(EPOCH, 0));
        try (var viewer = HttpClient.newHttpClient()) {
            var ready = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + edge.managementPort() + "/health/ready"))
                    .build();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> viewer.send(ready, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200);
        }
    }

    @AfterContainer
    static void stop() throws IOException {
        var node = node();
        node.edge().close();
        node.control().close();
        node.origin().close();
        try (var files = Files.walk(node.folder())) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private static Node node() {
        var running = shared;
        if (running == null) throw new IllegalStateException("not started");
        return running;
    }

    @Provide
    static Arbitrary<List<Step>> plays() {
        var times = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.longs().between(1, 20_000)),
                // Around the ends of lifetimes, windows and pauses.
                Tuple.of(
                        2,
                        Combinators.combine(
                                        Arbitraries.of(5_000L, 7_000L, 10_000L, 25_000L), Arbitraries.of(-1L, 0L, 1L))
                                .as(Long::sum)));
        var steps = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.of(new Step.Fetch())),
                Tuple.of(5, times.map(millis -> new Step.Pass(Duration.ofMillis(millis)))),
                Tuple.of(2, Arbitraries.of(MANNERS).map(Step.Change::new)),
                Tuple.of(2, Arbitraries.of(new Step.Fail())),
                Tuple.of(2, Arbitraries.of(new Step.Recover())),
                Tuple.of(1, Arbitraries.of(new Step.Invalidate())));
        return steps.list().ofMinSize(8).ofMaxSize(30).map(list -> new ArrayList<Step>(list));
    }

    @Property(tries = 100)
    void nothingForbiddenIsServed(@ForAll("plays") List<Step> play, @ForAll("first") Manner first) throws Exception {
        try (var viewer =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            new Play(node(), viewer, "/play/" + plays++, first).run(play);
        }
    }

    @Provide
    static Arbitrary<Manner> first() {
        return Arbitraries.of(MANNERS);
    }

    /// One path, its origin, and what a viewer may see of it.
    private static final class Play {
        private final Node node;
        private final HttpClient viewer;
        private final String path;
        private final List<Said> said = new CopyOnWriteArrayList<>();
        private final List<String> told = new ArrayList<>();
        private volatile Version current;
        private volatile boolean failing;
        /// How much the origin had said when the last invalidation was over.
        private int invalidated;

        Play(Node node, HttpClient viewer, String path, Manner first) {
            this.node = node;
            this.viewer = viewer;
            this.path = path;
            current = new Version(1, first);
            node.origin().on(path, asked -> Future.succeededFuture(answer(asked)));
        }

        private Say answer(ScriptedOrigin.Asked asked) {
            var now = node.clock().instant();
            if (failing) {
                said.add(new Said(said.size(), now, Optional.empty()));
                return Say.status(503);
            }
            var version = current;
            said.add(new Said(said.size(), now, Optional.of(version)));
            var headers = new ArrayList<>(List.of(
                    "Date",
                    HttpDate.format(now),
                    "Cache-Control",
                    version.manner().said()));
            version.etag().ifPresent(tag -> headers.addAll(List.of("ETag", tag)));
            boolean same = version.etag().isPresent()
                    && asked.headers().first("If-None-Match").equals(version.etag());
            return same
                    ? Say.status(304, headers.toArray(String[]::new))
                    : Say.ok(version.body(), headers.toArray(String[]::new));
        }

        void run(List<Step> steps) throws Exception {
            fetch();
            for (var step : steps) {
                told.add(step.toString());
                switch (step) {
                    case Step.Fetch() -> fetch();
                    case Step.Pass(var time) -> node.clock().pass(time);
                    case Step.Change(var manner) -> current = new Version(current.number() + 1, manner);
                    case Step.Fail() -> failing = true;
                    case Step.Recover() -> failing = false;
                    case Step.Invalidate() -> invalidate();
                }
            }
        }

        private void invalidate() {
            int number = ++invalidations;
            node.control()
                    .send(
                            "invalidation",
                            new InvalidationMessage(
                                    EPOCH, number, "I" + number, "demo", List.of(path), Instant.EPOCH, null));
            await().pollInterval(Duration.ofMillis(2))
                    .until(() -> node.control().lastReport().position() == number);
            invalidated = said.size();
        }

        private void fetch() throws Exception {
            int before = said.size();
            var request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + node.edge().port() + path))
                    .build();
            var answer = viewer.send(request, HttpResponse.BodyHandlers.ofString());
            told.add("  %s %s %s"
                    .formatted(
                            answer.statusCode(),
                            answer.body().strip(),
                            answer.headers().firstValue("Cache-Status").orElse("")));
            check(answer, before);
            // The clock stands still until the edge has heard of it, and has stored what it heard.
            if (!isPlainHit(answer)) {
                await().pollInterval(Duration.ofMillis(1)).until(() -> node.isIdle(viewer));
            }
        }

        private static boolean isPlainHit(HttpResponse<String> answer) {
            var status = answer.headers().firstValue("Cache-Status").orElse("");
            return status.contains("hit") && !status.contains("detail=stale");
        }

        private void check(HttpResponse<String> answer, int before) {
            var now = node.clock().instant();
            switch (answer.statusCode()) {
                case 200 -> {
                    var source = last(answer.body());
                    if (source.order() >= before) return;
                    assertThat(source.order()).as("invalidated: %s", told).isGreaterThanOrEqualTo(invalidated);
                    var age = Duration.between(source.at(), now);
                    assertThat(mayReuse(source.version().orElseThrow().manner(), age, now))
                            .as("%s old: %s", age, told)
                            .isTrue();
                    assertThat(answer.headers()
                                    .firstValue("Age")
                                    .map(Long::parseLong)
                                    .orElse(-1L))
                            .as("younger than it is: %s", told)
                            .isGreaterThanOrEqualTo(age.toSeconds());
                }
                case 503 ->
                    assertThat(hasFailed(now)).as("an old error: %s", told).isTrue();
                default -> fail("%s: %s", answer.statusCode(), told);
            }
        }

        private Said last(String body) {
            return said.stream()
                    .filter(one -> one.version()
                            .map(Version::body)
                            .filter(body::equals)
                            .isPresent())
                    .reduce((_, later) -> later)
                    .orElseThrow(() -> new AssertionError("never said: %s, %s".formatted(body, told)));
        }

        private boolean mayReuse(Manner manner, Duration age, Instant now) {
            if (manner.said().equals("no-store") || manner.said().startsWith("private")) return false;
            if (age.compareTo(Duration.ofSeconds(manner.lifetime())) < 0) return true;
            if (isWithin(age, manner, manner.swr())) return true;
            if (!hasFailed(now)) return false;
            if (manner.sie().isPresent())
                return isWithin(age, manner, manner.sie().getAsInt());
            return manner.staleOnError();
        }

        private static boolean isWithin(Duration age, Manner manner, int window) {
            return age.compareTo(Duration.ofSeconds(manner.lifetime() + window)) < 0;
        }

        /// Whether the origin failed so short a time ago that it is not asked again.
        private boolean hasFailed(Instant now) {
            return said.stream()
                    .filter(one -> one.version().isEmpty() && one.order() >= invalidated)
                    .anyMatch(one -> Duration.between(one.at(), now).compareTo(ERROR_MINIMUM) < 0);
        }
    }

    private static ConfigurationDocument configuration(int originPort) {
        var text = """
                {"cachePolicies": [{"name": "short", "minTTL": 0, "defaultTTL": %d, "maxTTL": 86400}],
                 "distributions": [{"id": "demo", "name": "demo", "enabled": true, "aliases": ["127.0.0.1"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "short"}}]}
                """.formatted(DEFAULT_TTL, originPort);
        return switch (Json.read(text, ConfigurationDocument.class)) {
            case Checked.Valid<ConfigurationDocument>(var document) -> document;
            case Checked.Invalid<ConfigurationDocument>(var problems) -> fail(problems.toString());
        };
    }
}
