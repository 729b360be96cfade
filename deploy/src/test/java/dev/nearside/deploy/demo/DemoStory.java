package dev.nearside.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.WaitForSelectorState;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The main job from end to end, with real processes: a distribution goes live, viewers get hits, hits survive,
/// an invalidation empties them. The chapters build on each other.
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class DemoStory {

    /// The traffic generator never asks for it.
    private static final String QUIET = "/static/quiet.svg";

    private RunningDemo demo;

    /// When a chapter fails, the logs of every process stay behind.
    @BeforeAll
    void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
        demo = new RunningDemo(folder);
        demo.launch();
        demo.awaitRunning();
    }

    @AfterAll
    void stop() throws InterruptedException {
        demo.stop();
    }

    @Test
    @Order(1)
    void everythingAnswersWhereTheOperatorIsToldItDoes() throws Exception {
        for (var port : List.of(demo.ports.site(), demo.ports.edge1(), demo.ports.edge2(), demo.ports.console())) {
            assertThat(demo.said()).contains("http://127.0.0.1:" + port + "/");
            assertThat(demo.get(port, "/").statusCode()).isIn(200, 302);
        }
        assertThat(demo.said()).contains(demo.state.readFirstPassword().orElseThrow());
        for (var port : List.of(demo.ports.edge1Management(), demo.ports.edge2Management())) {
            assertThat(demo.get(port, "/metrics").statusCode()).isEqualTo(200);
        }
    }

    @Test
    @Order(2)
    void theFirstViewerMissesAndTheNextOnesHitOnEachEdge() {
        for (var port : edges()) {
            var first = demo.get(port, QUIET);
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(xCache(first)).isEqualTo("Miss from nearside");

            var second = demo.get(port, QUIET);
            assertThat(second.statusCode()).isEqualTo(200);
            assertThat(second.body()).isEqualTo(first.body());
            assertThat(xCache(second)).isEqualTo("Hit from nearside");
            assertThat(second.headers().firstValue("Age").orElseThrow()).matches("\\d+");
            assertThat(second.headers().firstValue("Via").orElseThrow()).contains("nearside");
            assertThat(second.headers().firstValue("Cache-Status").orElseThrow())
                    .contains("hit");
        }
    }

    @Test
    @Order(3)
    void aSecondDemoIsRefusedOnTheSameDirectoryAndOnTakenPorts(@TempDir Path other) throws Exception {
        assertThat(refusal(demo.command(new Ports(0, 0, 0, 0, 0, 0, 0))))
                .contains("--data", "another demo runs on " + demo.state.directory());

        assertThat(refusal(new RunningDemo(other).command(demo.ports)))
                .contains("port " + demo.ports.edge1() + " is taken", "--port-edge-1")
                .contains("port " + demo.ports.controlPlane() + " is taken", "--port-control-plane");
    }

    @Test
    @Order(4)
    void anEdgeThatIsKilledComesBackWithItsHits() {
        var killed = demo.edge("edge-1");

        RunningDemo.signal("KILL", killed);

        await().atMost(Duration.ofSeconds(20)).until(() -> !killed.isAlive());
        demo.awaitReady(demo.ports.edge1Management());
        assertThat(xCache(demo.get(demo.ports.edge1(), QUIET))).isEqualTo("Hit from nearside");
        assertThat(demo.said()).contains("edge-1 was ended by signal 9");
    }

    @Test
    @Order(5)
    void edgesAnswerWhileTheControlPlaneDoesNot() {
        var controlPlane = demo.controlPlane();
        RunningDemo.signal("STOP", controlPlane);
        try {
            for (var port : edges()) assertThat(xCache(demo.get(port, QUIET))).isEqualTo("Hit from nearside");

            // An edge that starts now has its last good snapshot, and asks the origin before it trusts an old object.
            var ended = demo.edge("edge-2");
            RunningDemo.signal("TERM", ended);
            await().atMost(Duration.ofSeconds(20)).until(() -> !ended.isAlive());
            await().atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(demo.get(demo.ports.edge2Management(), "/metrics")
                                    .body())
                            .contains("\nnearside_cache_recovered 1\n"));
            assertThat(demo.get(demo.ports.edge2(), "/static/logo.svg").statusCode())
                    .isEqualTo(200);
            var answer = demo.get(demo.ports.edge2(), QUIET);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(xCache(answer)).isIn("RefreshHit from nearside", "Hit from nearside");
        } finally {
            RunningDemo.signal("CONT", controlPlane);
        }
        demo.awaitReady(demo.ports.edge2Management());
        for (var port : edges()) assertThat(xCache(demo.get(port, QUIET))).isEqualTo("Hit from nearside");
    }

    @Test
    @Order(6)
    void anInvalidationEmptiesBothEdgesBeforeItIsAnswered() {
        var answer = invalidate("/static/*", "30s");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        var invalidation = RunningDemo.json(answer);
        assertThat(invalidation.getString("id")).isNotEmpty();
        assertThat(invalidation.getString("status")).isEqualTo("Completed");
        assertThat(invalidation.getJsonArray("edges").getValuesAs(JsonObject.class))
                .extracting(edge -> edge.getString("name") + ' ' + edge.getString("state"))
                .containsExactlyInAnyOrder("edge-1 applied", "edge-2 applied");
        for (var port : edges()) {
            assertThat(xCache(demo.get(port, QUIET))).isEqualTo("Miss from nearside");
            assertThat(xCache(demo.get(port, QUIET))).isEqualTo("Hit from nearside");
        }
    }

    @Test
    @Order(7)
    void anEdgeThatCannotBeReachedIsNamedAndCatchesUp() {
        var silent = demo.edge("edge-2");
        RunningDemo.signal("STOP", silent);
        try {
            var answer = invalidate(QUIET, "3s");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(504);
            assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                    .contains("application/problem+json");
            assertThat(answer.body()).contains("edge-2");
            assertThat(xCache(demo.get(demo.ports.edge1(), QUIET))).isEqualTo("Miss from nearside");
        } finally {
            RunningDemo.signal("CONT", silent);
        }
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(demo.items("/distributions/" + distribution() + "/invalidations"))
                        .extracting(invalidation -> invalidation.getString("status"))
                        .containsOnly("Completed"));
        assertThat(xCache(demo.get(demo.ports.edge2(), QUIET))).isEqualTo("Miss from nearside");
    }

    @Test
    @Order(8)
    void aChangedPolicyIsANewVersionAndReachesBothEdgesInANewSnapshot() {
        var policy = demo.items("/cache-policies?type=custom").stream()
                .filter(item -> item.getJsonObject("config").getString("name").equals("demo-public-api"))
                .findFirst()
                .orElseThrow();
        var changed = Json.createObjectBuilder(policy.getJsonObject("config"))
                .add("defaultTTL", 200)
                .add("maxTTL", 200)
                .build();

        var saved = demo.call(
                "PUT",
                "/cache-policies/" + policy.getString("id"),
                changed.toString(),
                "If-Match",
                policy.getString("etag"));
        assertThat(saved.statusCode()).as(saved.body()).isEqualTo(200);
        assertThat(RunningDemo.json(saved).getInt("version")).isEqualTo(policy.getInt("version") + 1);

        var published = demo.call("POST", "/snapshots", "{\"comment\": \"Shorter searches\"}");
        assertThat(published.statusCode()).as(published.body()).isEqualTo(201);
        var version = RunningDemo.json(published).getInt("version");
        await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(demo.items("/edges"))
                        .extracting(edge -> edge.getInt("snapshotVersion", 0))
                        .containsExactly(version, version));
    }

    @Test
    @Order(8)
    void whatFailsOnTheCanaryIsRolledBackByItselfAndTheOtherEdgeNeverRunsIt() throws IOException {
        var original = distributionItem().getJsonObject("config").toString();
        save(original.replaceFirst("\"httpPort\":\\d+", "\"httpPort\":" + portOfNobody()));

        var tried = publishOnTrial("10m");
        var canary = canary(tried);
        var other = canary.equals("edge-1") ? "edge-2" : "edge-1";
        var asked = new AtomicInteger();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    var path = "/static/never-there-" + asked.incrementAndGet();
                    demo.get(port(canary), path);
                    assertThat(demo.get(port(other), path).statusCode()).isEqualTo(404);
                    assertThat(running(other)).isNotEqualTo(tried);
                    return rollout(tried).getString("state").equals("rolled-back");
                });

        var ended = rollout(tried);
        assertThat(ended.getString("endedBy")).isEqualTo("rollout");
        assertThat(ended.getString("reason")).startsWith("5xx ");
        var last = ended.getInt("finalVersion");
        await().atMost(Duration.ofSeconds(5)).until(() -> running(canary) == last && running(other) == last);
        assertThat(demo.get(port(canary), "/static/never-there-0").statusCode()).isEqualTo(404);
        save(original);
    }

    private static int portOfNobody() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @Test
    @Order(8)
    void whatDoesWellOnTheCanaryReachesTheOtherEdge() {
        var tried = publishOnTrial("3s");
        var canary = canary(tried);

        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    for (var port : edges()) demo.get(port, QUIET);
                    return rollout(tried).getString("state").equals("promoted");
                });

        assertThat(canary).startsWith("edge-");
        await().atMost(Duration.ofSeconds(5)).until(() -> running("edge-1") == tried && running("edge-2") == tried);
    }

    private int publishOnTrial(String duration) {
        var published = demo.call("POST", "/snapshots", """
                {"rollout": {"canaries": {"percentage": 50}, "duration": "%s",
                 "guards": {"maxServerErrorIncrease": 2, "minRequests": 20}}}
                """.formatted(duration));
        assertThat(published.statusCode()).as(published.body()).isEqualTo(201);
        return RunningDemo.json(published).getInt("version");
    }

    private void save(String config) {
        var saved = demo.call(
                "PUT",
                "/distributions/" + distribution(),
                config,
                "If-Match",
                distributionItem().getString("etag"));
        assertThat(saved.statusCode()).as(saved.body()).isEqualTo(200);
    }

    private JsonObject distributionItem() {
        return demo.getJson("/distributions/" + distribution());
    }

    private JsonObject rollout(int snapshot) {
        return demo.getJson("/rollouts/" + snapshot);
    }

    private String canary(int snapshot) {
        var canaries = rollout(snapshot).getJsonArray("canaries").getValuesAs(JsonObject.class);
        assertThat(canaries).hasSize(1);
        return canaries.getFirst().getString("name");
    }

    private int port(String edge) {
        return edge.equals("edge-1") ? demo.ports.edge1() : demo.ports.edge2();
    }

    private int running(String edge) {
        return demo.items("/edges").stream()
                .filter(item -> item.getString("name").equals(edge))
                .findFirst()
                .orElseThrow()
                .getInt("snapshotVersion", 0);
    }

    @Test
    @Order(9)
    void anOperatorSignsInWithABrowserAndSeesTheChartMove() throws Exception {
        try (var browser = new ConsoleBrowser(demo.ports.console())) {
            var page = browser.page;
            page.navigate("/");
            page.locator("#login-username input").fill("admin");
            page.locator("#login-password input").fill("not the password");
            page.locator("#login-button").click();
            page.locator("#login-message").waitFor();
            page.locator("#login-password input")
                    .fill(demo.state.readFirstPassword().orElseThrow());
            page.locator("#login-button").click();

            var chart = page.locator("#live-hit-ratio");
            chart.waitFor();
            page.waitForCondition(() -> newest(chart) > 0);
            double first = newest(chart);
            page.waitForCondition(() -> newest(chart) > first);
            double second = newest(chart);
            page.waitForCondition(() -> newest(chart) > second);
            assertThat(page.locator("body").textContent()).contains("edge");

            page.navigate("/edges");
            page.getByText("edge-1").first().waitFor();
            page.getByText("edge-2").first().waitFor();
            assertThat(browser.complaints()).isEmpty();
            assertThat(browser.foreignRequests()).isEmpty();

            var gone = page.locator("#console-gone");
            RunningDemo.signal("STOP", demo.console());
            try {
                gone.waitFor();
                assertThat(gone.textContent()).contains("The console does not answer");
            } finally {
                RunningDemo.signal("CONT", demo.console());
            }
            gone.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
        }
    }

    /// The time of the newest row that the chart has drawn.
    private static double newest(Locator chart) {
        var said = chart.getAttribute("data-newest");
        return said == null || "0".equals(chart.getAttribute("data-points")) ? 0 : Double.parseDouble(said);
    }

    @Test
    @Order(10)
    void nothingStaysBehindWhenTheSupervisorIsKilled() throws Exception {
        var children = demo.process().children().toList();
        assertThat(demo.takenPorts()).hasSize(7);

        demo.process().destroyForcibly().waitFor();

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(demo.takenPorts()).isEmpty();
            assertThat(children).noneMatch(ProcessHandle::isAlive);
        });
    }

    @Test
    @Order(11)
    void theNextStartAnswersViewersFirstAndHasKeptEverything() throws Exception {
        demo.launch();
        demo.awaitRunning();

        assertThat(demo.said())
                .containsSubsequence("edge-1 answers viewers", "starting the control plane", "control plane is ready");
        assertThat(xCache(demo.get(demo.ports.edge1(), QUIET))).isEqualTo("Hit from nearside");
        assertThat(distribution()).isNotEmpty();
        assertThat(demo.said()).doesNotContain("applying");

        demo.process().destroy();
        assertThat(demo.process().waitFor(40, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.takenPorts()).isEmpty();
    }

    private List<Integer> edges() {
        return List.of(demo.ports.edge1(), demo.ports.edge2());
    }

    private String distribution() {
        return demo.items("/distributions").stream()
                .filter(item -> item.getJsonObject("config").getString("name").equals("demo"))
                .findFirst()
                .orElseThrow()
                .getString("id");
    }

    private HttpResponse<String> invalidate(String path, String patience) {
        return demo.call(
                "POST",
                "/distributions/" + distribution() + "/invalidations?wait=" + patience,
                "{\"paths\": [\"" + path + "\"]}");
    }

    private static String xCache(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-Cache").orElse("none");
    }

    private static String refusal(ProcessBuilder command) throws Exception {
        var process = command.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(1);
        return said;
    }
}
