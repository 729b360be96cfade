package dev.nearside.control.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.nearside.control.Engine;
import dev.nearside.control.metrics.Measure;
import dev.nearside.control.metrics.MetricsRepository.Baseline;
import dev.nearside.control.metrics.MetricsRepository.Minute;
import dev.nearside.control.metrics.Selection;
import dev.nearside.control.metrics.Series;
import dev.nearside.control.metrics.Tally;
import dev.nearside.control.peers.Changes.Subject;
import dev.nearside.model.check.Checked;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What control planes on one database owe each other.
@ParameterizedClass
@EnumSource(Engine.class)
class PeersTest {
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Parameter
    Engine engine = Engine.H2;

    private DatabaseSettings settings = new DatabaseSettings.InDirectory(Path.of(""));
    private Database database;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        settings = engine.fresh(directory);
        database = Database.open(settings, UUID::randomUUID);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aLeaseHasOneHolderUntilItsTermEnds() {
        var one = new SqlLeases(database, "one");
        var two = new SqlLeases(database, "two");

        assertThat(one.hold("chore", SHORT)).isTrue();
        assertThat(two.hold("chore", SHORT)).isFalse();
        assertThat(two.hold("another chore", SHORT)).isTrue();
        assertThat(one.hold("chore", SHORT)).isTrue();
        await().atMost(Duration.ofSeconds(10)).until(() -> two.hold("chore", Duration.ofMinutes(1)));
        assertThat(one.run("chore", SHORT, () -> {
                    throw new AssertionError("another one does it");
                }))
                .isFalse();
    }

    @Test
    void whoeverGoesLeavesItsLeasesToTheOthers() {
        var one = new SqlLeases(database, "one");
        assertThat(one.hold("chore", Duration.ofHours(1))).isTrue();
        one.close();

        assertThat(new SqlLeases(database, "two").hold("chore", SHORT)).isTrue();
    }

    /// As one of an older release does that cannot read what it is to decide about.
    @Test
    void whoeverFailsAtAChoreLeavesItToTheOthers() {
        var one = new SqlLeases(database, "one");
        var two = new SqlLeases(database, "two");
        var done = new AtomicInteger();

        assertThatThrownBy(() -> one.run("chore", Duration.ofHours(1), () -> {
                    throw new IllegalStateException("cannot be read");
                }))
                .hasMessage("cannot be read");

        assertThat(two.run("chore", SHORT, done::incrementAndGet)).isTrue();
        assertThat(done).hasValue(1);
        assertThat(one.run("chore", SHORT, done::incrementAndGet)).isFalse();
    }

    @Test
    void wordReachesThisProcessAtOnce() {
        try (var changes = database.changes("one")) {
            var heard = new AtomicInteger();
            changes.listen(Subject.ROLLOUT, () -> {
                throw new IllegalStateException("a listener that fails");
            });
            changes.listen(Subject.ROLLOUT, heard::incrementAndGet);
            int before = heard.get();
            changes.announce(Subject.ROLLOUT);

            assertThat(heard.get()).isGreaterThan(before);
        }
    }

    @Test
    void whoeverFailsToActOnWordIsToldAgain() {
        try (var changes = database.changes("one")) {
            var heard = new AtomicInteger();
            var acted = new AtomicInteger();
            changes.listen(Subject.LOG, () -> {
                if (heard.incrementAndGet() == 1) throw new IllegalStateException("the database was too busy");
                acted.incrementAndGet();
            });
            changes.announce(Subject.LOG);

            await().until(() -> {
                changes.lookAgain();
                return acted.get() > 0;
            });
        }
    }

    /// Two control planes, and one of them takes over an edge in the middle of a run.
    @Test
    void whatAnEdgeCountedIsAddedOnceWhoeverItTells() {
        var metrics = new SqlMetrics(database);
        var series = new Series("e1", "E1");
        var minute = new Minute(NOON, series);
        var ten = new Baseline("run", hits(10), NOON.plusSeconds(1));
        var fifteen = new Baseline("run", hits(15), NOON.plusSeconds(2));
        metrics.add(Map.of(minute, hits(10)), Map.of(series, ten), Map.of());

        // It never heard of the ten, and took all for new.
        metrics.add(Map.of(minute, hits(15)), Map.of(series, fifteen), Map.of());
        // It had counted up to twelve, and is late.
        var twelve = new Baseline("run", hits(12), NOON.plusSeconds(1).plusMillis(500));
        metrics.add(Map.of(minute, hits(2)), Map.of(series, twelve), Map.of(series, ten));

        var all = new Selection(Optional.empty(), Optional.empty());
        var sums = metrics.sums(NOON, NOON.plusSeconds(60), all);
        assertThat(sums.getFirst().tally().of(Measure.HITS)).isEqualTo(15);
        assertThat(metrics.baselines("e1")).containsOnlyKeys(series);
        assertThat(metrics.baselines("e2")).isEmpty();
    }

    private static Tally hits(long count) {
        return Tally.of(measure -> measure == Measure.HITS ? count : 0);
    }

    /// The database was migrated by a later release already, which has yet to replace this one everywhere.
    @Test
    void aControlPlaneOfThePreviousSchemaStartsBesideALaterOne() throws Exception {
        database.jdbi().useHandle(handle -> {
            handle.execute("alter table edge add column of_a_later_release varchar(10)");
            handle.execute("""
                    insert into "flyway_schema_history" ("installed_rank", "version", "description", "type", "script",
                        "checksum", "installed_by", "execution_time", "success")
                    values (1000, '999', 'of a later release', 'SQL', 'V999__of_a_later_release.sql', 1, 'x', 1, true)
                    """);
        });
        var head = new SqlFeedLog(database).head();
        database.close();

        database = Database.open(settings, UUID::randomUUID);

        assertThat(new SqlFeedLog(database).head()).isEqualTo(head);
        assertThat(new SqlFleet(database).edges()).isEmpty();
    }

    @Test
    void wordComesFromOthersEvenAfterTheConnectionWasLost() {
        if (engine == Engine.H2) return;
        try (var one = database.changes("one");
                var two = database.changes("two")) {
            var heard = new AtomicInteger();
            two.listen(Subject.LOG, heard::incrementAndGet);
            await().until(() -> heard.get() > 0);
            // All connections but this one; those that listen are among them.
            database.jdbi().useHandle(handle -> handle.execute("""
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where datname = current_database() and query like 'listen%'
                    """));
            one.announce(Subject.LOG);
            int before = heard.get();

            await().atMost(Duration.ofSeconds(10)).until(() -> heard.get() > before + 1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # URL                                          | refused since
        jdbc:postgresql://db/nearside                  |
        jdbc:postgresql://db:5432/nearside             |
        jdbc:postgresql://db1,db2:5433/nearside        |
        jdbc:postgresql://db/nearside?sslmode=require  |
        jdbc:postgresql://db/                          | expected: jdbc:postgresql://HOST
        jdbc:postgresql://                             | expected: jdbc:postgresql://HOST
        jdbc:postgresql:nearside                       | expected: jdbc:postgresql://HOST
        jdbc:mysql://db/nearside                       | "jdbc:mysql://db/nearside"
        postgres                                       | "postgres"
        jdbc:postgresql://db/n?user=a&password=hunter2 | the URL holds a password
        jdbc:postgresql://a:hunter2@db/n               | the URL holds a password
        """)
    void aDatabaseIsNamedWithoutSecrets(String url, String problem) {
        var read = DatabaseSettings.postgres(url, Optional.of("ann"), Optional.of("hunter2"));

        if (problem == null) {
            assertThat(read).isInstanceOf(Checked.Valid.class);
        } else {
            assertThat(read.problems().toString())
                    .startsWith("[--database: ")
                    .contains(problem)
                    .doesNotContain("hunter2");
        }
        assertThat(read.toString()).doesNotContain("hunter2");
    }

    @Test
    void aServerThatIsNotThereIsNamedInOneLine() {
        var nowhere = DatabaseSettings.postgres("jdbc:postgresql://127.0.0.1:1/n", Optional.empty(), Optional.empty());
        if (!(nowhere instanceof Checked.Valid<DatabaseSettings>(var to))) throw new AssertionError(nowhere);

        assertThatThrownBy(() -> Database.open(to, UUID::randomUUID))
                .isInstanceOfSatisfying(
                        Database.Unavailable.class,
                        unavailable -> assertThat(unavailable.explanation())
                                .startsWith("--database: jdbc:postgresql://127.0.0.1:1/n cannot be opened: ")
                                .doesNotContain("\n"));
    }
}
