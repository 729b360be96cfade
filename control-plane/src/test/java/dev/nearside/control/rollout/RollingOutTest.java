package dev.nearside.control.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.access.Secrets;
import dev.nearside.control.audit.Authorship;
import dev.nearside.control.fleet.Canaries;
import dev.nearside.control.fleet.Fleet;
import dev.nearside.control.peers.LocalChanges;
import dev.nearside.control.persistence.Database;
import dev.nearside.control.persistence.SqlFeedLog;
import dev.nearside.control.persistence.SqlFleet;
import dev.nearside.model.wire.api.Rollouts.Figures;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a control plane leads a rollout that it found in the database.
class RollingOutTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Plan PLAN =
            new Plan(new Canaries.Labelled(Map.of("region", "eu")), Guards.PROPOSED, Duration.ofMinutes(10));

    private Instant now = NOON;
    private Rollout rollout = new Rollout(2, 1, Optional.empty(), PLAN, new State.Starting(NOON), 1, "ann", "", NOON);
    private Database database;
    private RollingOut rollingOut;

    /// The one rollout that there is.
    private final RolloutRepository repository = new RolloutRepository() {
        @Override
        public Optional<Rollout> underWay() {
            return Optional.of(rollout).filter(found -> !(found.state() instanceof State.Ended));
        }

        @Override
        public Optional<Kept> find(long version) {
            return Optional.empty();
        }

        @Override
        public List<Kept> latest(int atMost) {
            return List.of();
        }

        @Override
        public void count(long version, String writer, Sides counted) {}

        @Override
        public Sides counted(long version) {
            return Sides.NOTHING;
        }

        @Override
        public void look(Rollout looked, Figures figures) {}

        @Override
        public Optional<Rollout> move(Rollout from, State next, Authorship by) {
            rollout = new Rollout(2, 1, Optional.empty(), PLAN, next, from.revision() + 1, "ann", "", NOON);
            return Optional.of(rollout);
        }
    };

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        database = Database.open(directory, UUID::randomUUID);
        var fleet = new Fleet(
                new SqlFleet(database),
                new SqlFeedLog(database),
                new Secrets(new SecureRandom()),
                new LocalChanges(),
                new Fleet.Company("self", false, Duration.ofSeconds(15)),
                () -> UUID.randomUUID().toString(),
                () -> now);
        var token =
                fleet.invite(Optional.empty(), new Authorship("ann", NOON, "")).token();
        assertThat(fleet.enrol(token, "canary", "1", Map.of("region", "eu"))).isInstanceOf(Fleet.Entry.Admitted.class);
        rollingOut = new RollingOut(repository, fleet, new Sampling(), "self", () -> {}, () -> now);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private String decideAt(int secondsAfterNoon) {
        now = NOON.plusSeconds(secondsAfterNoon);
        rollingOut.decide();
        return rollout.state().word();
    }

    /// Edges connect only after a control plane is there.
    @Test
    void canariesHaveTheirTimeToBeginFromWhenSomebodyLooks() {
        assertThat(decideAt(60)).as("the control plane was away for a minute").isEqualTo("starting");
        for (int second = 61; second < 90; second++)
            assertThat(decideAt(second)).isEqualTo("starting");
        assertThat(rollout.revision()).as("nothing has changed").isEqualTo(1);

        assertThat(decideAt(90)).isEqualTo("rolled-back");
    }
}
