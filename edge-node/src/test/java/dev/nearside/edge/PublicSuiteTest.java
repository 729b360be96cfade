package dev.nearside.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The public suite http-cache-tests through the front door: its origin behind a real edge, its client before it.
///
/// What each of its tests is expected to say lies beside the suite, in `expected.txt`, so that a change of behaviour
/// is a reviewed diff. `./nearside test` gets the suite and says so by `NEARSIDE_NODE`: then it has to be there. Only a
/// build by hand that has no suite skips this test.
class PublicSuiteTest {

    private static final Path SUITE = Path.of("src/test/http-cache-tests");
    private static final Path EXPECTED = SUITE.resolve("expected.txt");
    private static final Path SEEN = Path.of("target/http-cache-tests.txt");
    private static final Optional<String> FOUND_NODE = Optional.ofNullable(System.getenv("NEARSIDE_NODE"));
    private static final String NODE = FOUND_NODE.orElse("node");

    @TempDir
    Path folder;

    /// The result of one test, as it is written in the table.
    ///
    /// @param why it is not passed; empty if it is
    private record Result(String kind, String id, boolean passed, String why) {

        static Result read(String line) {
            var cells = line.split("\\|", 4);
            return new Result(
                    cells[0].strip(), cells[1].strip(), cells[2].strip().equals("pass"), cells[3].strip());
        }

        String written() {
            return "%-8s | %-46s | %s | %s"
                    .formatted(kind, id, passed ? "pass" : "fail", why)
                    .stripTrailing();
        }
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void everyTestOfThePublicSuiteSaysWhatIsExpected() throws Exception {
        boolean there = Files.isDirectory(SUITE.resolve("node_modules/http-cache-tests"));
        if (FOUND_NODE.isEmpty()) assumeTrue(there, "http-cache-tests is not there; ./nearside test gets it");
        assertThat(there)
                .as("NEARSIDE_NODE is set, so http-cache-tests has to be in %s", SUITE.resolve("node_modules"))
                .isTrue();

        var seen = run();
        var expected = expected();
        Files.createDirectories(SEEN.getParent());
        Files.write(SEEN, table(seen, expected), UTF_8);
        System.out.printf(
                "http-cache-tests: %s, %s, %s%n",
                total(seen, "required"), total(seen, "optimal"), total(seen, "check"));

        assertThat(changes(seen, expected))
                .as("what the suite says now; with a reason beside each test not passed, %s is what %s has to become"
                        .formatted(SEEN, EXPECTED))
                .isEmpty();
        assertThat(expected.values())
                .filteredOn(result -> !result.passed())
                .allSatisfy(result -> assertThat(result.why()).as(result.id()).isNotBlank());
    }

    private Map<String, Result> run() throws Exception {
        var origin = node("origin", "serve.mjs");
        try {
            var said = origin.inputReader(UTF_8);
            var port = Integer.parseInt(said.readLine());
            Thread.startVirtualThread(() -> said.lines().forEach(_ -> {}));
            Files.writeString(folder.resolve("nearside.json"), configuration(port));
            try (var edge = SmallNode.in(folder).start()) {
                awaitReady(edge);
                return results(node("client", "run.mjs", "http://127.0.0.1:" + edge.port()));
            }
        } finally {
            origin.destroy();
            origin.waitFor();
        }
    }

    /// What is stored before the disk is open may be stored nowhere, which would be a result by chance.
    private static void awaitReady(Edge edge) {
        var ready = URI.create("http://127.0.0.1:" + edge.managementPort() + "/health/ready");
        try (var client = HttpClient.newHttpClient()) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> client.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.discarding())
                                    .statusCode()
                            == 200);
        }
    }

    private Process node(String name, String... command) throws IOException {
        var whole = new ArrayList<>(List.of(NODE));
        whole.addAll(List.of(command));
        return new ProcessBuilder(whole)
                .directory(SUITE.toFile())
                .redirectError(folder.resolve(name + ".err").toFile())
                .start();
    }

    private Map<String, Result> results(Process client) throws Exception {
        var results = new LinkedHashMap<String, Result>();
        try (var said = client.inputReader(UTF_8)) {
            for (var line : said.readAllLines()) {
                var cells = line.split("\t", -1);
                results.put(cells[1], new Result(cells[0], cells[1], cells[2].isEmpty(), cells[2]));
            }
        } finally {
            client.destroy();
        }
        assertThat(client.waitFor())
                .as(Files.readString(folder.resolve("client.err")))
                .isZero();
        return results;
    }

    private static Map<String, Result> expected() throws IOException {
        var expected = new LinkedHashMap<String, Result>();
        for (var line : Files.readAllLines(EXPECTED, UTF_8)) {
            if (line.isBlank() || line.startsWith("#")) continue;
            var result = Result.read(line);
            expected.put(result.id(), result);
        }
        return expected;
    }

    private static List<String> changes(Map<String, Result> seen, Map<String, Result> expected) {
        var changes = new ArrayList<String>();
        for (var result : seen.values()) {
            var known = expected.get(result.id());
            if (known == null || !known.kind().equals(result.kind())) {
                changes.add("new:     " + result.written());
            } else if (known.passed() && !result.passed()) {
                changes.add("broken:  " + result.written());
            } else if (!known.passed() && result.passed()) {
                changes.add("passes:  " + result.written() + " (not expected: " + known.why() + ")");
            }
        }
        for (var known : expected.values())
            if (!seen.containsKey(known.id())) changes.add("missing: " + known.written());
        return changes;
    }

    /// The table of what was seen, with the reasons already given.
    private static List<String> table(Map<String, Result> seen, Map<String, Result> expected) {
        var lines = new ArrayList<String>();
        lines.add("# kind   | test of http-cache-tests 0.4.5                 | result | why it is not passed");
        for (var result : seen.values()) {
            var known = expected.get(result.id());
            var line = known != null && !known.passed() && !result.passed() ? known : result;
            lines.add(line.written());
        }
        return lines;
    }

    private static String total(Map<String, Result> seen, String kind) {
        var ofKind = seen.values().stream()
                .filter(result -> result.kind().equals(kind))
                .toList();
        return "%d of %d %s".formatted(ofKind.stream().filter(Result::passed).count(), ofKind.size(), kind);
    }

    /// The settings of UseOriginCacheControlHeaders-QueryStrings, with what the suite needs switched on: heuristic
    /// freshness, cookies replayed as CloudFront does, no minimum for the errors of a moment, methods of all kinds.
    private static String configuration(int originPort) {
        return """
                {"cachePolicies": [{"name": "as-the-origin-says", "minTTL": 0, "defaultTTL": 0, "maxTTL": 31536000,
                    "heuristicFreshness": true, "replaySetCookie": true,
                    "enableAcceptEncodingGzip": true, "enableAcceptEncodingBrotli": true,
                    "headersConfig": {"headerBehavior": "whitelist", "headers":
                      ["Host", "Origin", "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"]},
                    "cookiesConfig": {"cookieBehavior": "all"}, "queryStringsConfig": {"queryStringBehavior": "all"}}],
                 "distributions": [{"name": "suite", "enabled": true, "aliases": ["127.0.0.1"],
                  "origins": [{"id": "suite", "domainName": "127.0.0.1", "httpPort": %d,
                    "originProtocolPolicy": "http-only"}],
                  "customErrorResponses": [{"errorCode": 502, "errorCachingMinTTL": 0},
                    {"errorCode": 503, "errorCachingMinTTL": 0}, {"errorCode": 504, "errorCachingMinTTL": 0}],
                  "defaultCacheBehavior": {"targetOriginId": "suite",
                    "allowedMethods": ["*"],
                    "cachePolicyId": "as-the-origin-says", "originRequestPolicyId": "AllViewer"}}]}
                """.formatted(originPort);
    }
}
