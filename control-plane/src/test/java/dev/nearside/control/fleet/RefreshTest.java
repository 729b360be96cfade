package dev.nearside.control.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.access.Secrets;
import dev.nearside.control.audit.Authorship;
import dev.nearside.control.peers.LocalChanges;
import dev.nearside.control.persistence.Database;
import dev.nearside.control.persistence.SqlFeedLog;
import dev.nearside.control.persistence.SqlFleet;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is decided while the fleet is being read from the database is not undone by what was read.
class RefreshTest {
    private static final Authorship ANN = new Authorship("ann", Instant.parse("2026-01-01T12:00:00Z"), "");

    private final AtomicReference<Runnable> afterReading = new AtomicReference<>(() -> {});
    private Database database;
    private Fleet fleet;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        database = Database.open(directory, UUID::randomUUID);
        var sql = new SqlFleet(database);
        var repository = (FleetRepository) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {FleetRepository.class}, (_, method, arguments) -> {
                    var answer = method.invoke(sql, arguments);
                    if (method.getName().equals("edges")) {
                        afterReading.getAndSet(() -> {}).run();
                    }
                    return answer;
                });
        fleet = new Fleet(
                repository,
                new SqlFeedLog(database),
                new Secrets(new SecureRandom()),
                new LocalChanges(),
                new Fleet.Company("self", false, Duration.ofSeconds(15)),
                () -> UUID.randomUUID().toString(),
                ANN::at);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private String enrol(String name) {
        var token = fleet.invite(Optional.empty(), ANN).token();
        return switch (fleet.enrol(token, name, "1", Map.of())) {
            case Fleet.Entry.Admitted(var edge, var _) -> edge.id();
            case Fleet.Entry.BadToken(), Fleet.Entry.NameTaken() -> throw new AssertionError(name);
        };
    }

    @Test
    void anEdgeThatEnrolsMeanwhileStays() {
        afterReading.set(() -> enrol("edge"));

        fleet.refresh();

        assertThat(fleet.edges()).extracting(status -> status.edge().name()).containsExactly("edge");
    }

    @Test
    void anEdgeThatIsRevokedMeanwhileStaysOut() {
        var edge = enrol("edge");
        afterReading.set(() -> assertThat(fleet.revoke(edge, ANN)).isTrue());

        fleet.refresh();

        assertThat(fleet.edges()).isEmpty();
    }

    @Test
    void anEdgeThatIsDrainedMeanwhileStaysDrained() {
        var edge = enrol("edge");
        afterReading.set(() -> fleet.drain(edge, true, ANN));

        fleet.refresh();

        assertThat(fleet.find(edge).orElseThrow().isDrained()).isTrue();
    }
}
