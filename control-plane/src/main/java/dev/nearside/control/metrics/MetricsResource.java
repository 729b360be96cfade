package dev.nearside.control.metrics;

import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.control.http.Span;
import dev.nearside.model.check.Problems;
import dev.nearside.model.wire.api.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The metrics' part of the API.
public final class MetricsResource {
    private static final Duration LONGEST_RANGE = Duration.ofDays(7);
    private static final int MOST_POINTS = 2_000;

    private final Counting counting;

    public MetricsResource(Counting counting) {
        this.counting = counting;
    }

    public List<Route> routes() {
        return List.of(Route.get("/api/v1/metrics", new AtLeast(Role.VIEWER), this::show));
    }

    private Answer show(Call call) {
        var problems = Problems.none();
        var range = span(call, "range", problems).orElse(Counting.BY_SECOND);
        if (range.compareTo(Duration.ofSeconds(1)) < 0 || range.compareTo(LONGEST_RANGE) > 0) {
            problems.at("range").add(Span.write(range), "1s to 7d");
        }
        boolean bySecond = range.compareTo(Counting.BY_SECOND) <= 0;
        var step = span(call, "step", problems).orElse(fittingStep(range, bySecond));
        if (step.compareTo(Duration.ofSeconds(1)) < 0 || step.compareTo(LONGEST_RANGE) > 0) {
            problems.at("step").add(Span.write(step), "1s or more");
        } else if (!bySecond && step.toSeconds() % 60 != 0) {
            problems.at("step").add(Span.write(step), "whole minutes for a range of more than 15m");
        } else if (range.dividedBy(step) > MOST_POINTS) {
            problems.at("step").add(Span.write(step), "at most " + MOST_POINTS + " points in the range");
        }
        if (!problems.isEmpty()) return Answer.invalid(problems.list());
        var selection = new Selection(call.query("edge"), call.query("distribution"));
        var points = counting.amounts(range, step, selection).stream()
                .map(MetricsResource::point)
                .toList();
        return Answer.ok(new Metrics((int) step.toSeconds(), points));
    }

    private static Optional<Duration> span(Call call, String name, Problems problems) {
        var said = call.query(name);
        var read = said.flatMap(Span::read);
        if (said.isPresent() && read.isEmpty()) problems.at(name).add(said.get(), Span.EXPECTED);
        return read;
    }

    private static Duration fittingStep(Duration range, boolean bySecond) {
        if (bySecond) return Duration.ofSeconds(1);
        return Duration.ofMinutes(Math.ceilDiv(range.toMinutes(), 720));
    }

    private static Metrics.Point point(Counting.Amount amount) {
        var tally = amount.tally();
        return new Metrics.Point(
                amount.at(),
                tally.of(Measure.HITS),
                tally.of(Measure.REFRESH_HITS),
                tally.of(Measure.STALES),
                tally.of(Measure.COLLAPSED),
                tally.of(Measure.MISSES),
                tally.of(Measure.PASSES),
                tally.of(Measure.ERRORS),
                tally.of(Measure.HIT_BYTES),
                tally.of(Measure.REFRESH_HIT_BYTES),
                tally.of(Measure.STALE_BYTES),
                tally.of(Measure.COLLAPSED_BYTES),
                tally.of(Measure.MISS_BYTES),
                tally.of(Measure.PASS_BYTES),
                tally.of(Measure.ERROR_BYTES),
                tally.of(Measure.ORIGIN_BYTES));
    }
}
