package dev.nearside.control.rollout;

import static dev.nearside.control.rollout.RolloutTest.NOON;
import static dev.nearside.control.rollout.RolloutTest.PLAN;
import static dev.nearside.control.rollout.RolloutTest.counts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.rollout.Guards.Standing;
import dev.nearside.control.rollout.State.Ended;
import dev.nearside.control.rollout.State.Promoted;
import dev.nearside.control.rollout.State.RolledBack;
import dev.nearside.control.rollout.State.Starting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What holds of a rollout, whatever is seen and whenever somebody looks.
class RolloutProperties {

    /// One look.
    ///
    /// @param after how long after the one before
    record Look(Duration after, Observations seen) {}

    @Property(tries = 500)
    void itEnds(@ForAll("looks") List<Look> looks) {
        State state = new Starting(NOON);
        var now = NOON;
        // Whatever comes, over and over: each look takes it some way towards an end.
        var longest = Rollout.PATIENCE.plus(PLAN.duration().multipliedBy(2)).plus(Rollout.PATIENCE);
        long enough = looks.size() + 2 * longest.toSeconds();
        for (int i = 0; i < enough && !(state instanceof Ended); i++) {
            var look = looks.get(i % looks.size());
            now = now.plus(look.after());
            state = Rollout.next(PLAN, state, look.seen(), now);
        }
        assertThat(state).isInstanceOf(Ended.class);
    }

    @Property
    void itIsNeverPromotedAgainstWhatIsSeen(@ForAll("looks") List<Look> looks) {
        State state = new Starting(NOON);
        var now = NOON;
        for (var look : looks) {
            now = now.plus(look.after());
            var next = Rollout.next(PLAN, state, look.seen(), now);
            if (next instanceof Promoted && !(state instanceof Promoted)) {
                assertThat(PLAN.guards().judge(look.seen().sides()))
                        .allSatisfy(verdict -> assertThat(verdict.standing()).isEqualTo(Standing.FINE));
                assertThat(look.seen().refusal()).isEmpty();
                assertThat(look.seen().areLost()).isFalse();
                assertThat(Duration.between(NOON, now)).isGreaterThanOrEqualTo(PLAN.duration());
            }
            state = next;
        }
    }

    @Property
    void aBrokenGuardEndsItAtTheNextLook(@ForAll("looks") List<Look> looks) {
        State state = new Starting(NOON);
        var now = NOON;
        for (var look : looks) {
            now = now.plus(look.after());
            var next = Rollout.next(PLAN, state, look.seen(), now);
            boolean isBroken = PLAN.guards().judge(look.seen().sides()).stream()
                    .anyMatch(verdict -> verdict.standing() == Standing.BROKEN);
            if (state instanceof State.Watching && isBroken) assertThat(next).isInstanceOf(RolledBack.class);
            state = next;
        }
    }

    @Provide
    Arbitrary<List<Look>> looks() {
        return Combinators.combine(Arbitraries.integers().between(1, 120), observations())
                .as((seconds, seen) -> new Look(Duration.ofSeconds(seconds), seen))
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    private static Arbitrary<Observations> observations() {
        var counts = Combinators.combine(
                        Arbitraries.longs().between(0, 400),
                        Arbitraries.of(0, 0, 0, 1, 5, 100),
                        Arbitraries.of(100, 100, 95, 40),
                        Arbitraries.of(1.0, 3.0, 10.0, 11.0, 500.0))
                .as((requests, errors, cached, millis) ->
                        counts(requests, requests * errors / 100, requests * cached / 100, millis));
        var edges = Arbitraries.integers().between(0, 4);
        return Combinators.combine(edges, edges, edges, Arbitraries.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 1), counts, counts)
                .as((canaries, reachable, applied, refused, some, others) -> new Observations(
                        canaries,
                        Math.min(canaries, reachable),
                        Math.min(Math.min(canaries, reachable), applied),
                        refused == 1 ? Optional.of("refused") : Optional.empty(),
                        new Sides(some, others)));
    }
}
