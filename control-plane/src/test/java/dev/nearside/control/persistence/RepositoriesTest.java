package dev.nearside.control.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.nearside.control.Engine;
import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.Accepted;
import dev.nearside.control.configuration.Claims;
import dev.nearside.control.configuration.ConfigurationRepository.Change;
import dev.nearside.control.configuration.ConfigurationRepository.Saving;
import dev.nearside.control.configuration.Kind;
import dev.nearside.control.configuration.Version;
import dev.nearside.control.fleet.FeedLog;
import dev.nearside.control.fleet.FleetRepository;
import dev.nearside.control.fleet.FleetRepository.Enrolment;
import dev.nearside.control.fleet.Targets;
import dev.nearside.control.invalidation.InvalidationRepository.Appended;
import dev.nearside.control.metrics.Measure;
import dev.nearside.control.metrics.MetricsRepository.Baseline;
import dev.nearside.control.metrics.MetricsRepository.Minute;
import dev.nearside.control.metrics.Selection;
import dev.nearside.control.metrics.Series;
import dev.nearside.control.metrics.Tally;
import dev.nearside.control.publish.Publication.Chosen;
import dev.nearside.control.publish.PublicationRepository.Compiled;
import dev.nearside.model.check.Checked;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What the repositories promise, on every database.
@ParameterizedClass
@EnumSource(Engine.class)
class RepositoriesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Authorship ANN = new Authorship("ann", NOON, "because");

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

    private static Version version(String id, int number, String name) {
        return new Version(Kind.DISTRIBUTION, id, number, name, "{\"n\":" + number + "}", "ann", NOON, "because", NOON);
    }

    private static Accepted draft(String id, int number, String name, String alias) {
        return new Accepted(version(id, number, name), new Claims(Set.of(alias), Set.of("policy")));
    }

    private static int save(Change change, List<Accepted> drafts) {
        change.save(drafts, ANN);
        return drafts.size();
    }

    @Test
    void theEpochLastsAsLongAsTheDatabase() throws Exception {
        var head = new SqlFeedLog(database).head();
        database.close();
        database = Database.open(settings, UUID::randomUUID);

        assertThat(new SqlFeedLog(database).head()).isEqualTo(head);
        assertThat(head).isEqualTo(new FeedLog.Head(head.epoch(), 0, 1, 0));
    }

    @Test
    void versionsAreNeverChanged() {
        var repository = new SqlConfigurations(database);
        repository.change(change -> save(change, List.of(draft("E1", 1, "one", "a.test"))));
        repository.change(change -> save(change, List.of(draft("E1", 2, "renamed", "a.test"))));

        assertThat(repository.savings(Kind.DISTRIBUTION, "E1"))
                .containsExactly(new Saving(2, NOON, "ann", "because"), new Saving(1, NOON, "ann", "because"));
        assertThat(repository.findVersion(Kind.DISTRIBUTION, "E1", 1)).contains(version("E1", 1, "one"));
        assertThat(repository.findVersion(Kind.DISTRIBUTION, "E1", 2)).contains(version("E1", 2, "renamed"));
        assertThat(repository.latest()).containsExactly(version("E1", 2, "renamed"));
        assertThat(repository.usersOf("policy")).containsExactly("renamed");
        assertThat(new SqlAudit(database).latest(10)).hasSize(2);
    }

    @Test
    void anAliasMovesWithinOneChange() {
        var repository = new SqlConfigurations(database);
        repository.change(
                change -> save(change, List.of(draft("E1", 1, "one", "a.test"), draft("E2", 1, "two", "b.test"))));
        repository.change(
                change -> save(change, List.of(draft("E1", 2, "one", "b.test"), draft("E2", 2, "two", "a.test"))));

        assertThat(repository.latest()).extracting(Version::number).containsExactly(2, 2);
    }

    @Test
    void aChangeThatThrowsChangesNothing() {
        var repository = new SqlConfigurations(database);

        assertThatThrownBy(() -> repository.<Integer>change(change -> {
                    save(change, List.of(draft("E1", 1, "one", "a.test")));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(repository.latest()).isEmpty();
        assertThat(new SqlAudit(database).latest(10)).isEmpty();
    }

    @Test
    void positionsBecomeVisibleInTheirOrder() throws Exception {
        var invalidations = new SqlInvalidations(database);
        var log = new SqlFeedLog(database);
        int count = 200;
        var isDone = new AtomicBoolean();
        try (var pool = Executors.newFixedThreadPool(9)) {
            var gaps = pool.submit(() -> {
                var found = new ArrayList<String>();
                long seen = 0;
                while (!isDone.get()) {
                    for (var order : log.after(seen, 1_000)) {
                        if (order.position() != seen + 1) found.add(seen + " then " + order.position());
                        seen = order.position();
                    }
                }
                return found;
            });
            var orders = new ArrayList<Callable<Appended>>();
            for (int i = 0; i < count; i++) {
                var id = "i" + i;
                orders.add(() -> invalidations.append(id, "E1", id, List.of("/" + id), false, ANN));
            }
            for (var appended : pool.invokeAll(orders)) {
                assertThat(appended.get()).isInstanceOf(Appended.Added.class);
            }
            isDone.set(true);
            assertThat(gaps.get()).isEmpty();
        }

        assertThat(log.after(0, 1_000))
                .extracting(FeedLog.Order::position)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, count).boxed().toList());
        assertThat(log.head().position()).isEqualTo(count);
    }

    @Test
    void aCallerReferenceIsOneInvalidation() {
        var invalidations = new SqlInvalidations(database);
        var added = invalidations.append("i1", "E1", "ref", List.of("/a", "/b"), false, ANN);
        var again = invalidations.append("i2", "E1", "ref", List.of("/a", "/b"), false, ANN);
        var other = invalidations.append("i3", "E1", "ref", List.of("/c"), false, ANN);
        var soft = invalidations.append("i5", "E1", "ref", List.of("/a", "/b"), true, ANN);
        var elsewhere = invalidations.append("i4", "E2", "ref", List.of("/c"), false, ANN);

        assertThat(added).isInstanceOfSatisfying(Appended.Added.class, first -> {
            assertThat(again).isEqualTo(new Appended.Known(first.invalidation()));
            assertThat(other).isEqualTo(new Appended.Contradicts(first.invalidation()));
            assertThat(soft).isEqualTo(new Appended.Contradicts(first.invalidation()));
        });
        assertThat(elsewhere).isInstanceOf(Appended.Added.class);
    }

    @Test
    void aSoftOrderStaysSoft() {
        var invalidations = new SqlInvalidations(database);
        invalidations.append("i1", "E1", "hard", List.of("/a"), false, ANN);
        invalidations.append("i2", "E1", "soft", List.of("#A:1", "/b*"), true, ANN);

        assertThat(new SqlFeedLog(database).after(0, 10))
                .extracting(FeedLog.Order::soft, FeedLog.Order::paths)
                .containsExactly(tuple(false, List.of("/a")), tuple(true, List.of("#A:1", "/b*")));
        assertThat(invalidations.find("E1", "i2"))
                .hasValueSatisfying(found -> assertThat(found.soft()).isTrue());
    }

    @Test
    void theLogForgetsItsOldEnd() {
        var invalidations = new SqlInvalidations(database);
        for (int i = 0; i < 5; i++) invalidations.append("i" + i, "E1", "r" + i, List.of("/"), false, ANN);

        invalidations.keepOnly(2);

        var log = new SqlFeedLog(database);
        assertThat(log.head().oldestPosition()).isEqualTo(4);
        assertThat(log.after(0, 10)).extracting(FeedLog.Order::position).containsExactly(4L, 5L);
    }

    @Test
    void aSnapshotKnowsWhatItHolds() {
        new SqlConfigurations(database).change(change -> save(change, List.of(draft("E1", 1, "one", "a.test"))));
        var publications = new SqlPublications(database);

        var refused = publications.publish(
                _ -> new Checked.Invalid<>(List.of(new dev.nearside.model.check.Problem("", "no"))), ANN);
        var published = publications.publish(
                latest -> new Checked.Valid<>(
                        new Compiled("hash", latest.getFirst().document())),
                ANN);

        assertThat(refused).isInstanceOf(Checked.Invalid.class);
        assertThat(published).isInstanceOf(Checked.Valid.class);
        assertThat(publications.currentContent()).containsExactly(new Chosen(Kind.DISTRIBUTION, "E1", 1));
        assertThat(new SqlFeedLog(database).targets()).isEqualTo(new Targets(1, Optional.empty()));
        assertThat(new SqlFeedLog(database).snapshot(1)).contains(new FeedLog.Published(1, "hash", "{\"n\":1}"));
    }

    @Test
    void aReceiptIsTheFirstTimeAnEdgeWasThatFar() {
        var fleet = new SqlFleet(database);
        fleet.addEnrolmentToken("token", Optional.empty(), NOON.plusSeconds(60), ANN);
        assertThat(fleet.enrol("token", "e1", "edge", "1", Map.of(), "credential", NOON))
                .isInstanceOf(Enrolment.Welcome.class);
        assertThat(fleet.enrol("token", "e2", "other", "1", Map.of(), "credential2", NOON))
                .isEqualTo(new Enrolment.BadToken());

        fleet.note(List.of(reached(3, NOON.plusSeconds(1))));
        fleet.note(List.of(reached(5, NOON.plusSeconds(2))));
        fleet.note(List.of(reached(5, NOON.plusSeconds(9))));

        assertThat(fleet.reachedAt(0)).containsEntry("e1", NOON);
        assertThat(fleet.reachedAt(2)).containsEntry("e1", NOON.plusSeconds(1));
        assertThat(fleet.reachedAt(4)).containsEntry("e1", NOON.plusSeconds(2));
        assertThat(fleet.reachedAt(6)).isEmpty();
        assertThat(fleet.findByCredential("credential")).contains("e1");
        assertThat(fleet.revoke("e1", ANN)).isTrue();
        assertThat(fleet.findByCredential("credential")).isEmpty();
        assertThat(fleet.edges()).isEmpty();
    }

    @Test
    void receiptsFarBackSayByWhenAndThoseOfRevokedEdgesGo() {
        var fleet = new SqlFleet(database);
        for (var name : List.of("e1", "gone")) {
            fleet.addEnrolmentToken(name, Optional.empty(), NOON.plusSeconds(60), ANN);
            fleet.enrol(name, name, name, "1", Map.of(), name, NOON);
        }
        for (int position = 1; position <= 350; position++) {
            fleet.note(List.of(
                    reached("e1", position, NOON.plusSeconds(position)),
                    reached("gone", position, NOON.plusSeconds(position))));
        }
        fleet.revoke("gone", ANN);

        fleet.forgetReceipts(50, 250);

        assertThat(rows("e1")).isEqualTo(1 + 1 + 101);
        assertThat(rows("gone")).isZero();
        assertThat(fleet.reachedAt(60)).isEqualTo(Map.of("e1", NOON.plusSeconds(99)));
        assertThat(fleet.reachedAt(110)).isEqualTo(Map.of("e1", NOON.plusSeconds(199)));
        assertThat(fleet.reachedAt(260)).isEqualTo(Map.of("e1", NOON.plusSeconds(260)));
        assertThat(fleet.reachedAt(351)).isEmpty();
        fleet.forgetReceipts(50, 250);
        assertThat(rows("e1")).isEqualTo(1 + 1 + 101);
    }

    private int rows(String edge) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("select count(*) from edge_progress where edge_id = :edge")
                        .bind("edge", edge)
                        .mapTo(int.class)
                        .one());
    }

    private static FleetRepository.Note reached(String edge, long position, Instant at) {
        return new FleetRepository.Note(edge, at, Optional.of(position), Optional.empty(), Optional.empty());
    }

    private static FleetRepository.Note reached(long position, Instant at) {
        return reached("e1", position, at);
    }

    @Test
    void whoHasNoTokenWaitsForNobody() throws Exception {
        var fleet = new SqlFleet(database);
        var isLocked = new CountDownLatch(1);
        var isTried = new CountDownLatch(1);
        try (var pool = Executors.newSingleThreadExecutor()) {
            var publishing = pool.submit(() -> database.jdbi().inTransaction(handle -> {
                SqlFeedLog.lockHead(handle);
                isLocked.countDown();
                return isTried.await(5, TimeUnit.SECONDS);
            }));
            isLocked.await();

            assertThat(fleet.enrol("none", "e1", "edge", "1", Map.of(), "credential", NOON))
                    .isEqualTo(new Enrolment.BadToken());
            isTried.countDown();

            assertThat(publishing.get()).as("tried while the log was locked").isTrue();
        }
    }

    @Test
    void anOldEnrolmentTokenIsWorthNothing() {
        var fleet = new SqlFleet(database);
        fleet.addEnrolmentToken("token", Optional.empty(), NOON.plusSeconds(60), ANN);

        assertThat(fleet.enrol("token", "e1", "edge", "1", Map.of(), "credential", NOON.plusSeconds(60)))
                .isEqualTo(new Enrolment.BadToken());
    }

    @Test
    void minutesAddUpAndCarryTheirBaselines() {
        var metrics = new SqlMetrics(database);
        var series = new Series("e1", "E1");
        var some = Tally.of(measure -> measure == Measure.HITS ? 3 : measure == Measure.HIT_BYTES ? 300 : 0);
        var minute = new Minute(NOON, series);
        var other = new Minute(NOON.plusSeconds(60), new Series("e2", "E1"));

        var first = new Baseline("run", some, NOON);
        metrics.add(Map.of(minute, some), Map.of(series, first), Map.of());
        metrics.add(
                Map.of(minute, some, other, some),
                Map.of(series, new Baseline("run", some.plus(some), NOON)),
                Map.of(series, first));

        var all = new Selection(Optional.empty(), Optional.empty());
        var sums = metrics.sums(NOON, NOON.plusSeconds(120), all);
        assertThat(sums).extracting(sum -> sum.tally().of(Measure.HITS)).containsExactly(6L, 3L);
        assertThat(metrics.sums(NOON, NOON.plusSeconds(120), new Selection(Optional.of("e2"), Optional.empty())))
                .hasSize(1);
        assertThat(metrics.minutes(NOON, NOON.plusSeconds(60))).containsOnlyKeys(minute);
        assertThat(metrics.baselines()).hasEntrySatisfying(series, baseline -> {
            assertThat(baseline.runId()).isEqualTo("run");
            assertThat(baseline.tally().of(Measure.HIT_BYTES)).isEqualTo(600);
        });
        metrics.forgetBefore(NOON.plusSeconds(60));
        assertThat(metrics.sums(NOON, NOON.plusSeconds(120), all)).hasSize(1);
        assertThat(metrics.baselines()).as("of an edge that is none").isEmpty();
    }

    @Test
    void whateverAnEdgeSaysOthersAreCounted() {
        var metrics = new SqlMetrics(database);
        var liar = new Series("liar", "E1");
        var honest = new Series("honest", "E1");
        var everything = Tally.of(_ -> Long.MAX_VALUE);
        var one = Tally.of(_ -> 1);
        for (int i = 1; i < 3; i++) {
            metrics.add(Map.of(new Minute(NOON, liar), everything, new Minute(NOON, honest), one), Map.of(), Map.of());
        }
        var hits = Tally.of(measure -> measure == Measure.HITS ? Long.MAX_VALUE : 0);
        for (int i = 2; i < 1_000; i++) {
            metrics.add(Map.of(new Minute(NOON, new Series("liar", "E" + i)), hits), Map.of(), Map.of());
        }

        var ofHonest = new Selection(Optional.of("honest"), Optional.empty());
        assertThat(metrics.sums(NOON, NOON.plusSeconds(60), ofHonest))
                .extracting(sum -> sum.tally().of(Measure.HITS))
                .containsExactly(2L);
        assertThat(metrics.sums(NOON, NOON.plusSeconds(60), new Selection(Optional.empty(), Optional.empty())))
                .extracting(sum -> sum.tally().of(Measure.HITS))
                .containsExactly(Long.MAX_VALUE);
    }
}
