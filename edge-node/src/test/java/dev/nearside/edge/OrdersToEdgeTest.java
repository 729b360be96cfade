package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.CaughtUp;
import dev.nearside.model.wire.feed.Duty;
import dev.nearside.model.wire.feed.Hello;
import dev.nearside.model.wire.feed.Reset;
import dev.nearside.model.wire.feed.Rotation;
import dev.nearside.model.wire.feed.SnapshotMessage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator decides about an edge, as the edge hears it.
class OrdersToEdgeTest {

    private static final String EPOCH = "epoch-1";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private ScriptedControlPlane control;
    private Edge edge;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(folder.resolve("token"), "one-time\n");
        control = new ScriptedControlPlane();
        edge = startEdge();
        greet();
    }

    @AfterEach
    void stop() {
        edge.close();
        control.close();
        client.close();
    }

    private Edge startEdge() throws IOException {
        return SmallNode.in(folder)
                .following(new EdgeSettings.Source.Following(
                        List.of(control.address()),
                        "edge-1",
                        Optional.of(folder.resolve("token")),
                        Map.of("site", "ams"),
                        EdgeSettings.Credentials.NONE))
                .start();
    }

    private void greet() {
        await().until(() -> !control.places().isEmpty());
        control.send("hello", new Hello(EPOCH, 1, 0, 1, null));
        control.send("reset", new Reset(EPOCH, 0));
        var nothing = new ConfigurationDocument(List.of(), List.of(), List.of(), List.of());
        control.send("snapshot", SnapshotMessage.of(1, nothing));
        control.send("caught-up", new CaughtUp(EPOCH, 0));
    }

    private HttpResponse<String> readiness() throws Exception {
        var ready = URI.create("http://127.0.0.1:%d/health/ready".formatted(edge.managementPort()));
        return client.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.ofString());
    }

    private void awaitReadiness(int status) {
        await().until(() -> readiness().statusCode() == status);
    }

    @Test
    void aDrainedEdgeSaysSoAndStillServes() throws Exception {
        awaitReadiness(200);

        control.send("duty", new Duty(true));

        awaitReadiness(503);
        assertThat(readiness().body()).contains("drained");
        var viewer = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/".formatted(edge.port())));
        assertThat(client.send(viewer.build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .as("answered by the edge, which has no site")
                .isEqualTo(403);
        control.send("duty", new Duty(false));
        awaitReadiness(200);
    }

    @Test
    void theGreetingSettlesWhetherTheEdgeIsDrained() {
        awaitReadiness(200);
        control.send("hello", new Hello(EPOCH, 1, 0, 1, true));
        awaitReadiness(503);
        control.send("hello", new Hello(EPOCH, 1, 0, 1, null));
        awaitReadiness(200);
    }

    @Test
    void theLabelsAreToldWithTheEnrolment() {
        assertThat(control.enrolments())
                .singleElement()
                .satisfies(said -> assertThat(said).contains("\"labels\":{\"site\":\"ams\"}"));
    }

    /// Of two the control plane would know the later one alone, and the edge might keep the other.
    @Test
    void oneNewCredentialIsFetchedAtATime() {
        var answer = control.holdCredentials();
        control.send("rotation", new Rotation(Instant.EPOCH));
        await().until(() -> control.credentialsAsked() == 1);

        control.send("rotation", new Rotation(Instant.EPOCH));
        // What comes behind it has been taken, so it has been as well.
        control.send("duty", new Duty(true));
        awaitReadiness(503);

        assertThat(control.credentialsAsked()).isEqualTo(1);
        answer.complete("another");
        await().until(() -> control.bearers().contains("Bearer another"));
    }

    @Test
    void aNewCredentialIsSavedForItsOwnerAloneAndUsedFromThenOn() throws Exception {
        control.send("rotation", new Rotation(Instant.EPOCH));

        await().until(() -> control.bearers().contains("Bearer another"));

        var identity = folder.resolve("data").resolve("identity.json");
        assertThat(Files.readString(identity)).contains("another").doesNotContain("\"credential\":\"credential\"");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(identity)))
                .isEqualTo("rw-------");
        edge.close();
        control.bearers().clear();
        edge = startEdge();
        await().until(() -> !control.bearers().isEmpty());
        assertThat(control.bearers()).containsOnly("Bearer another");
        assertThat(Json.write(new Rotation(Instant.EPOCH))).contains("1970");
    }
}
