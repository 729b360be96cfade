package dev.nearside.control.rollout;

import dev.nearside.control.fleet.Canaries;
import dev.nearside.control.http.Span;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problems;
import dev.nearside.model.wire.LabelsReader;
import dev.nearside.model.wire.api.NewRollout;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads how somebody wants a snapshot to be tried.
public final class PlanReader {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final String DEFAULT_DURATION = "10m";
    private static final int MOST_REQUESTS = 1_000_000_000;

    private PlanReader() {}

    /// The wish with what Nearside proposes wherever it says nothing; every problem if it cannot be.
    static Checked<NewRollout> read(NewRollout wanted) {
        var problems = Problems.none();
        var at = problems.at("rollout");
        readCanaries(wanted.canaries(), at.at("canaries"));
        var said = wanted.duration() == null ? DEFAULT_DURATION : wanted.duration();
        var duration = Span.read(said);
        if (duration.isEmpty()) at.at("duration").add(said, Span.EXPECTED);
        else if (duration.get().compareTo(SHORTEST) < 0 || duration.get().compareTo(LONGEST) > 0) {
            at.at("duration").add(said, "1s to 7d");
        }
        var guards = wanted.guards() == null ? PROPOSED : withMinRequests(wanted.guards());
        readGuards(guards, at.at("guards"));
        return Checked.of(new NewRollout(wanted.canaries(), said, guards), problems.list());
    }

    private static final NewRollout.Guards PROPOSED = new NewRollout.Guards(
            Guards.PROPOSED.serverErrorIncrease().orElseThrow(),
            Guards.PROPOSED.hitRatioDrop().orElseThrow(),
            Guards.PROPOSED.latencyRatio().orElseThrow(),
            Guards.PROPOSED.minRequests());

    private static void readCanaries(NewRollout.@Nullable Canaries canaries, Problems at) {
        if (canaries == null || (canaries.labels() == null) == (canaries.percentage() == null)) {
            at.add("%s (expected: either labels or percentage)"
                    .formatted(canaries == null || canaries.labels() == null ? "missing" : "both"));
            return;
        }
        var percentage = canaries.percentage();
        if (percentage != null && (percentage < 1 || percentage > 99)) {
            at.at("percentage").add(percentage, "1 to 99");
        }
        if (canaries.labels() == null) return;
        if (canaries.labels().isEmpty()) at.at("labels").add("none (expected: at least one)");
        for (var problem : LabelsReader.read(canaries.labels()).problems()) {
            at.at(problem.path()).add(problem.message());
        }
    }

    private static NewRollout.Guards withMinRequests(NewRollout.Guards said) {
        return new NewRollout.Guards(
                said.maxServerErrorIncrease(),
                said.maxHitRatioDrop(),
                said.maxLatencyRatio(),
                said.minRequests() == null ? Guards.DEFAULT_MIN_REQUESTS : said.minRequests());
    }

    private static void readGuards(NewRollout.Guards guards, Problems at) {
        within(guards.maxServerErrorIncrease(), 0, 100, at.at("maxServerErrorIncrease"), "0 to 100 percentage points");
        within(guards.maxHitRatioDrop(), 0, 100, at.at("maxHitRatioDrop"), "0 to 100 percentage points");
        within(guards.maxLatencyRatio(), 1, 1000, at.at("maxLatencyRatio"), "1 to 1000 times as long");
        int min = minRequests(guards);
        if (min < 1 || min > MOST_REQUESTS) at.at("minRequests").add(min, "1 to " + MOST_REQUESTS);
    }

    private static void within(@Nullable Double said, double least, double most, Problems at, String expected) {
        if (said != null && !(said >= least && said <= most)) at.add(said, expected);
    }

    private static int minRequests(NewRollout.Guards guards) {
        return Objects.requireNonNullElse(guards.minRequests(), Guards.DEFAULT_MIN_REQUESTS);
    }

    /// The labels that canaries carry; none if they are chosen otherwise.
    public static Map<String, String> labels(NewRollout read) {
        var canaries = read.canaries();
        return canaries == null || canaries.labels() == null ? Map.of() : canaries.labels();
    }

    /// The plan of a rollout that was read before.
    public static Plan plan(NewRollout read, Canaries canaries) {
        var guards = Objects.requireNonNullElse(read.guards(), PROPOSED);
        return new Plan(
                canaries,
                new Guards(
                        Optional.ofNullable(guards.maxServerErrorIncrease()),
                        Optional.ofNullable(guards.maxHitRatioDrop()),
                        Optional.ofNullable(guards.maxLatencyRatio()),
                        minRequests(guards)),
                Span.read(Objects.requireNonNullElse(read.duration(), DEFAULT_DURATION))
                        .orElseThrow());
    }
}
