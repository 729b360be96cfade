package dev.nearside.deploy.demo;

import dev.nearside.deploy.demo.Child.Program;
import dev.nearside.deploy.demo.Probe.NeverReadyException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonStructure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/// A whole CDN on one machine. Read [#run] downwards: this is how one comes up.
final class Demo {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration HEAD_START = Duration.ofSeconds(20);
    private static final String ADMIN = "admin";
    private static final String FIRST_ORIGIN_PORT = "/origins/0/httpPort";

    private final State state;
    private final Ports ports;
    private final Programs programs;
    private final boolean withTraffic;
    private final Narrator narrator;
    private final HttpClient http;
    private final Probe probe;

    /// In the order of their start; they are stopped in the opposite one.
    private final List<Child> children = new ArrayList<>();

    private final CountDownLatch stopped = new CountDownLatch(1);
    private boolean stopping;

    Demo(Programs programs, boolean withTraffic, Narrator narrator, HttpClient http) {
        this.programs = programs;
        this.state = programs.state();
        this.ports = programs.ports();
        this.withTraffic = withTraffic;
        this.narrator = narrator;
        this.http = http;
        this.probe = new Probe(http);
    }

    /// Brings everything up and looks after it until [#stop].
    void run() throws IOException, NeverReadyException, InterruptedException {
        var known = state.isEnrolled(Programs.EDGE_1) && state.isEnrolled(Programs.EDGE_2);
        start(programs.site());
        if (known) {
            // Viewers first: edges answer from their last good snapshot, whatever else is still starting.
            narrator.say("starting the sample site and both edges");
            var edge1 = start(programs.edge1());
            var edge2 = start(programs.edge2());
            awaitFirstAnswers(edge1, edge2);
            narrator.say("starting the control plane and the console");
        } else {
            narrator.say("first start: the sample site and the control plane come first");
        }
        var controlPlane = start(programs.controlPlane());
        probe.await(controlPlane, controlPlane("/health/ready"), answer -> answer.statusCode() == 200, PATIENCE);
        narrator.say("control plane is ready");

        var admin = logIn();
        if (!known) {
            narrator.say("enrolling two edges and starting them, and the console");
            var operator = admin.orElseThrow(() -> new IOException(
                    "the edges are not enrolled, and the password in %s is not valid any more (expected: a fresh directory with --data, or the edges' tokens in it)"
                            .formatted(state.firstPassword())));
            enrol(operator, Programs.EDGE_1);
            enrol(operator, Programs.EDGE_2);
            start(programs.edge1());
            start(programs.edge2());
        }
        var console = start(programs.console());
        if (admin.isPresent()) configure(admin.get());

        probe.await(child(Programs.EDGE_1), edge1Health(), answer -> answer.statusCode() == 200, PATIENCE);
        probe.await(child(Programs.EDGE_2), edge2Health(), answer -> answer.statusCode() == 200, PATIENCE);
        warm();
        narrator.say("both edges are ready");
        if (withTraffic) start(programs.traffic());
        probe.await(console, at(ports.console(), "/health/ready"), answer -> answer.statusCode() == 200, PATIENCE);
        narrator.say("console is ready");
        writeAddresses();
        narrator.show(Summary.of(
                state, ports, admin.isPresent() ? state.readFirstPassword() : Optional.empty(), withTraffic));
        stopped.await();
    }

    /// Ends every child, viewers' side first, and then [#run].
    synchronized void stop() throws InterruptedException {
        if (stopping) return;
        stopping = true;
        var ending = List.copyOf(children).reversed();
        for (var child : ending) child.askToStop();
        for (var child : ending) child.awaitStop();
        stopped.countDown();
    }

    private synchronized Child start(Program program) throws InterruptedException {
        if (stopping) throw new InterruptedException("stopping");
        var child = new Child(program, state.logs().resolve(program.name() + ".log"), narrator);
        children.add(child);
        child.start();
        return child;
    }

    private synchronized Child child(String name) {
        return children.stream()
                .filter(child -> child.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// On two cores, six starting processes would keep each other waiting; nobody waits longer than viewers should.
    private void awaitFirstAnswers(Child edge1, Child edge2) throws InterruptedException {
        try {
            probe.await(edge1, at(ports.edge1(), "/"), _ -> true, HEAD_START);
            narrator.say("edge-1 answers viewers");
            probe.await(edge2, at(ports.edge2(), "/"), _ -> true, HEAD_START);
            narrator.say("edge-2 answers viewers");
        } catch (NeverReadyException e) {
            narrator.say(String.valueOf(e.getMessage()));
        }
    }

    private Optional<ManagementApi> logIn() throws IOException, InterruptedException {
        var password = state.readFirstPassword();
        if (password.isEmpty()) return Optional.empty();
        return ManagementApi.at(http, controlPlane("/")).logIn(ADMIN, password.get());
    }

    private void enrol(ManagementApi api, String edge) throws IOException, InterruptedException {
        var token = api.post(
                "enrolment-tokens", Json.createObjectBuilder().add("name", edge).build());
        state.keepEnrolmentToken(edge, token.getString("token"));
    }

    /// Once per data directory: afterwards the configuration belongs to the operator. Only the origin's port follows
    /// the sample site, should that have moved.
    private void configure(ManagementApi api) throws IOException, InterruptedException {
        var applied = state.appliedSitePort();
        if (applied.isPresent() && applied.get() == ports.site()) return;
        if (applied.isEmpty()) {
            narrator.say("applying deploy/demo/nearside.json through the management API");
            api.post("config", document(programs.home().resolve("deploy/demo/nearside.json"), ports.site()));
            publish(api, "The demo");
        } else {
            narrator.say("the sample site has moved to port " + ports.site() + ": telling the demo distribution");
            if (moveOrigin(api, applied.get())) publish(api, "The sample site has moved");
        }
        state.keepAppliedSitePort(ports.site());
    }

    private void publish(ManagementApi api, String comment) throws IOException, InterruptedException {
        var snapshot = api.post(
                "snapshots", Json.createObjectBuilder().add("comment", comment).build());
        var version = snapshot.getInt("version");
        narrator.say("published snapshot " + version + ", waiting for both edges to report it");
        awaitApplied(api, version);
        narrator.say("both edges run snapshot " + version);
    }

    /// False when the operator's distributions do not point at the sample site any more.
    private static boolean pointsAt(JsonObject distribution, int port) {
        var found = Json.createPointer("/config" + FIRST_ORIGIN_PORT);
        return found.containsValue(distribution) && found.getValue(distribution).equals(Json.createValue(port));
    }

    private boolean moveOrigin(ManagementApi api, int from) throws IOException, InterruptedException {
        var moved = false;
        for (var distribution : items(api.get("distributions"))) {
            if (!pointsAt(distribution, from)) continue;
            var config = Json.createPointer(FIRST_ORIGIN_PORT)
                    .replace(distribution.getJsonObject("config"), Json.createValue(ports.site()));
            api.put("distributions/" + distribution.getString("id"), config, distribution.getString("etag"));
            moved = true;
        }
        return moved;
    }

    static JsonObject document(Path file, int sitePort) throws IOException {
        try (var reader = Json.createReader(Files.newBufferedReader(file))) {
            var port = Json.createPointer("/distributions/0" + FIRST_ORIGIN_PORT);
            return port.replace(reader.readObject(), Json.createValue(sitePort));
        }
    }

    private void awaitApplied(ManagementApi api, int version) throws IOException, InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            var there = items(api.get("edges")).stream()
                    .filter(edge -> Programs.EDGES.contains(edge.getString("name", "")))
                    .filter(edge -> edge.getInt("snapshotVersion", 0) >= version)
                    .count();
            if (there >= Programs.EDGES.size()) return;
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            if (Thread.interrupted()) throw new InterruptedException();
        }
        throw new IOException("the edges did not report snapshot %d within %d s (their logs: %s)"
                .formatted(version, PATIENCE.toSeconds(), state.logs()));
    }

    private static List<JsonObject> items(JsonStructure list) {
        return list.asJsonObject().getJsonArray("items").getValuesAs(JsonObject.class);
    }

    /// One request that leaves something to find in each cache.
    private void warm() throws InterruptedException {
        for (var port : List.of(ports.edge1(), ports.edge2())) {
            try {
                var _ = http.send(HttpRequest.newBuilder(at(port, "/")).build(), BodyHandlers.discarding());
            } catch (IOException e) {
                narrator.say("the edge on port " + port + " did not answer: " + e);
            }
        }
    }

    private void writeAddresses() throws IOException {
        var json = Json.createObjectBuilder();
        for (var port : ports.named())
            json.add(
                    port.option().substring("--port-".length()),
                    at(port.port(), "/").toString());
        json.add("pid", ProcessHandle.current().pid());
        Files.writeString(state.addresses(), json.build() + "\n");
    }

    private URI controlPlane(String path) {
        return at(ports.controlPlane(), path);
    }

    private URI edge1Health() {
        return at(ports.edge1Management(), "/health/ready");
    }

    private URI edge2Health() {
        return at(ports.edge2Management(), "/health/ready");
    }

    private static URI at(int port, String path) {
        return URI.create("http://" + Ports.HOST + ':' + port + path);
    }
}
