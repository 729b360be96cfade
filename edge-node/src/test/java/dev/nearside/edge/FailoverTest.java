package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.model.wire.feed.CaughtUp;
import dev.nearside.model.wire.feed.InvalidationMessage;
import dev.nearside.model.wire.feed.Reset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An edge that knows two control planes, and loses the one that it follows.
class FailoverTest {
    private static final String EPOCH = "epoch-1";

    @TempDir
    Path folder;

    private final ScriptedControlPlane one = new ScriptedControlPlane();
    private final ScriptedControlPlane two = new ScriptedControlPlane();
    private Edge edge;

    @BeforeEach
    void start() throws IOException {
        var token = Files.writeString(folder.resolve("token"), "one-time\n");
        edge = SmallNode.in(folder)
                .following(new EdgeSettings.Source.Following(
                        List.of(one.address(), two.address()), "edge-1", Optional.of(token)))
                .start();
        await().until(() -> !one.places().isEmpty());
        one.send("reset", new Reset(EPOCH, 0));
        one.send("caught-up", new CaughtUp(EPOCH, 0));
        one.send("invalidation", new InvalidationMessage(EPOCH, 1, "I1", "demo", List.of("/a"), Instant.EPOCH, null));
        await().until(() -> one.hasReports() && one.lastReport().position() == 1);
    }

    @AfterEach
    void stop() {
        edge.close();
        one.close();
        two.close();
    }

    @Test
    void goesOnAtTheNextAddressWhereItWas() {
        one.close();

        await().atMost(Duration.ofSeconds(10)).until(() -> !two.places().isEmpty());
        assertThat(two.places().getFirst()).isEqualTo(EPOCH + "/1/0");
        two.send("invalidation", new InvalidationMessage(EPOCH, 2, "I2", "demo", List.of("/b"), Instant.EPOCH, null));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> two.hasReports() && two.lastReport().position() == 2);
    }

    @Test
    void leavesAControlPlaneThatTakesNoReports() {
        one.takeNoReports();

        await().atMost(Duration.ofSeconds(20)).until(() -> !two.places().isEmpty());
        assertThat(two.places().getFirst()).isEqualTo(EPOCH + "/1/0");
    }
}
