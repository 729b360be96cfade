package dev.nearside.control.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.Engine;
import dev.nearside.control.audit.Authorship;
import dev.nearside.control.fleet.FeedLog;
import dev.nearside.control.invalidation.InvalidationRepository.Appended;
import dev.nearside.control.invalidation.Order;
import dev.nearside.control.invalidation.OrderLimits;
import dev.nearside.control.invalidation.Recorded;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// However long orders are, what is read of them at a time stays short; and how much may be ordered is held to.
class LongOrdersTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private Database database;
    private SqlInvalidations invalidations;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        database = Database.open(Engine.H2.fresh(directory), UUID::randomUUID);
        invalidations = new SqlInvalidations(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Order order(String id, List<String> paths, Instant at) {
        return new Order(id, "E1", id, paths, false, new Authorship("ann", at, ""));
    }

    private void append(String id, List<String> paths) {
        assertThat(invalidations.append(order(id, paths, NOON), OrderLimits.NONE, 0))
                .isInstanceOf(Appended.Added.class);
    }

    @Test
    void aPageOfTheLogEndsBeforeItIsTooLong() {
        var path = "/" + "x".repeat(3_999);
        append("i1", List.of("/a"));
        append("i2", Collections.nCopies(2_000, path));
        append("i3", Collections.nCopies(200, path));
        append("i4", List.of("/b"));

        var log = new SqlFeedLog(database);
        assertThat(positions(log.after(0, 10))).containsExactly(1L);
        assertThat(positions(log.after(1, 10))).containsExactly(2L);
        assertThat(positions(log.after(2, 10))).containsExactly(3L, 4L);
        assertThat(positions(log.after(3, 10))).containsExactly(4L);
        assertThat(log.after(4, 10)).isEmpty();
    }

    private static List<Long> positions(List<FeedLog.Order> page) {
        return page.stream().map(FeedLog.Order::position).toList();
    }

    @Test
    void historyShowsTheBeginningOfALongOrder() {
        var path = "/" + "x".repeat(3_999);
        append("i1", Collections.nCopies(2_000, path));
        append("i2", List.of("/a", "/b"));

        assertThat(invalidations.page(Optional.of("E1"), Long.MAX_VALUE, 10))
                .extracting(Recorded::pathCount)
                .containsExactly(2, 2_000);
        assertThat(invalidations.page(Optional.empty(), 2, 10).getFirst().paths())
                .containsExactly(path);
        assertThat(invalidations.find("E1", "i1"))
                .hasValueSatisfying(found -> assertThat(found.paths()).hasSize(2_000));
    }

    @Test
    void anAuthorHasSoManyOrdersInAnyMinute() {
        var limits = new OrderLimits(2, 3_000, 3_000);
        assertThat(at("i1", 0, limits, 0, "/a")).isInstanceOf(Appended.Added.class);
        assertThat(at("i2", 20, limits, 0, "/a")).isInstanceOf(Appended.Added.class);

        assertThat(at("i3", 30, limits, 0, "/a"))
                .isInstanceOfSatisfying(
                        Appended.TooMuch.class,
                        refused -> assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(30)));
        // What was ordered before is found again, and a minute later there is room.
        assertThat(at("i2", 30, limits, 0, "/a")).isInstanceOf(Appended.Known.class);
        assertThat(at("i3", 60, limits, 0, "/a")).isInstanceOf(Appended.Added.class);
    }

    @Test
    void wildcardsThatAnEdgeHasYetToApplyAreCounted() {
        var limits = new OrderLimits(100, 100_000, 3_000);
        assertThat(at("i1", 0, limits, 0, Collections.nCopies(2_990, "/a*"))).isInstanceOf(Appended.Added.class);
        assertThat(at("i2", 0, limits, 0, Collections.nCopies(10, "/b*"))).isInstanceOf(Appended.Added.class);

        assertThat(at("i3", 0, limits, 0, "/c*")).isInstanceOf(Appended.TooMuch.class);
        assertThat(at("i4", 0, limits, 0, "/c", "#c")).isInstanceOf(Appended.Added.class);
        assertThat(at("i5", 0, limits, 1, "/c*")).isInstanceOf(Appended.Added.class);
        assertThat(at("i6", 0, limits, Long.MAX_VALUE, Collections.nCopies(3_000, "/d*")))
                .isInstanceOf(Appended.Added.class);
    }

    private Appended at(String id, long second, OrderLimits limits, long appliedTo, String... paths) {
        return at(id, second, limits, appliedTo, List.of(paths));
    }

    private Appended at(String id, long second, OrderLimits limits, long appliedTo, List<String> paths) {
        return invalidations.append(order(id, paths, NOON.plusSeconds(second)), limits, appliedTo);
    }
}
