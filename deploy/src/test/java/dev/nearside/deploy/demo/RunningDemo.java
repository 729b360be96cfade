package dev.nearside.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// `nearside demo` as an operator starts it: through the launcher, on free ports, with real processes.
final class RunningDemo {

    private static final Path HOME = home();
    private static final Duration START = Duration.ofMinutes(3);

    final State state;
    final Ports ports;
    private final Path output;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private Optional<Process> launched = Optional.empty();

    RunningDemo(Path folder) {
        state = new State(folder.resolve("state"));
        output = folder.resolve("demo.out");
        ports = new Ports(0, 0, 0, 0, 0, 0, 0).resolved();
    }

    void launch() {
        try {
            launched =
                    Optional.of(command(ports).redirectOutput(output.toFile()).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitRunning() {
        await().atMost(START).pollInterval(Duration.ofMillis(100)).until(() -> {
            if (!process().isAlive()) fail("the demo ended:%n%s", said());
            return said().contains("Nearside is running.");
        });
    }

    /// The command that starts a demo on this directory; its output is where the caller sends it.
    ProcessBuilder command(Ports chosen) {
        var command = new ArrayList<>(List.of(
                HOME.resolve("nearside").toString(),
                "demo",
                "--data",
                state.directory().toString(),
                "--cache-disk",
                "128MB"));
        for (var port : chosen.named()) command.addAll(List.of(port.option(), Integer.toString(port.port())));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("NEARSIDE_BUILD", "never"); // the packages were made just before this test
        return builder;
    }

    Process process() {
        return launched.orElseThrow();
    }

    String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The child whose command line holds these words.
    ProcessHandle child(String... words) {
        return process()
                .children()
                .filter(child -> child.info()
                        .arguments()
                        .map(Arrays::asList)
                        .filter(arguments -> arguments.containsAll(List.of(words)))
                        .isPresent())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no child with " + List.of(words)));
    }

    ProcessHandle edge(String name) {
        return child("dev.nearside.edge.EdgeMain", name);
    }

    ProcessHandle controlPlane() {
        return child("dev.nearside.control.ControlPlaneMain");
    }

    ProcessHandle console() {
        return child("dev.nearside.admin.ConsoleMain");
    }

    void awaitReady(int managementPort) {
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(get(managementPort, "/health/ready").statusCode())
                                .isEqualTo(200));
    }

    HttpResponse<String> get(int port, String path) {
        return send(HttpRequest.newBuilder(at(port, path))
                .timeout(Duration.ofSeconds(20))
                .build());
    }

    /// One call of the management API by an operator who has logged in.
    HttpResponse<String> call(String method, String path, String body, String... fields) {
        var request = HttpRequest.newBuilder(at(ports.controlPlane(), "/api/v1" + path))
                .timeout(Duration.ofSeconds(45))
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (fields.length > 0) request.headers(fields);
        return send(request.build());
    }

    JsonObject getJson(String path) {
        var answer = call("GET", path, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    List<JsonObject> items(String path) {
        return getJson(path).getJsonArray("items").getValuesAs(JsonObject.class);
    }

    static JsonObject json(HttpResponse<String> answer) {
        try (var reader = Json.createReader(new StringReader(answer.body()))) {
            return reader.readObject();
        }
    }

    List<Integer> takenPorts() {
        return ports.named().stream()
                .map(Ports.Named::port)
                .filter(Ports::isTaken)
                .toList();
    }

    static void signal(String signal, ProcessHandle process) {
        try {
            var kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
            assertThat(kill.waitFor()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void stop() throws InterruptedException {
        http.close();
        if (launched.isEmpty()) return;
        var children = process().children().toList();
        process().destroy();
        if (!process().waitFor(40, TimeUnit.SECONDS)) process().destroyForcibly();
        for (var child : children) {
            if (child.isAlive()) signal("CONT", child);
            child.destroyForcibly();
        }
    }

    private String token() {
        try {
            var login = Json.createObjectBuilder()
                    .add("username", "admin")
                    .add("password", state.readFirstPassword().orElseThrow())
                    .build();
            var answer = send(HttpRequest.newBuilder(at(ports.controlPlane(), "/api/v1/login"))
                    .timeout(Duration.ofSeconds(20))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(login.toString()))
                    .build());
            assertThat(answer.statusCode()).isEqualTo(200);
            return json(answer).getString("token");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(request + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static URI at(int port, String path) {
        return URI.create("http://" + Ports.HOST + ':' + port + path);
    }

    private static Path home() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("deploy/jvm.args"))) {
            folder = Optional.ofNullable(folder.getParent()).orElseThrow();
        }
        return folder;
    }
}
