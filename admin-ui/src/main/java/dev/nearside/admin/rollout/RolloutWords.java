package dev.nearside.admin.rollout;

import dev.nearside.admin.component.StateLabel;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Words;
import dev.nearside.model.wire.api.NewRollout;
import dev.nearside.model.wire.api.Rollouts;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the console says of rollouts.
final class RolloutWords {

    private RolloutWords() {}

    static boolean isUnderWay(Rollouts.Item rollout) {
        return rollout.endTime() == null;
    }

    static StateLabel state(String state) {
        return switch (state) {
            case "starting" -> new StateLabel(Tone.BUSY, "starting");
            case "watching" -> new StateLabel(Tone.BUSY, "watching");
            case "promoted" -> new StateLabel(Tone.GOOD, "promoted");
            case "rolled-back" -> new StateLabel(Tone.BAD, "rolled back");
            default -> new StateLabel(Tone.PLAIN, state);
        };
    }

    static StateLabel guard(String state) {
        return switch (state) {
            case "fine" -> new StateLabel(Tone.GOOD, "fine");
            case "broken" -> new StateLabel(Tone.BAD, "broken");
            case "too-little-traffic" -> new StateLabel(Tone.BUSY, "too little traffic");
            default -> new StateLabel(Tone.PLAIN, state);
        };
    }

    static StateLabel canary(String state) {
        return switch (state) {
            case "applied" -> new StateLabel(Tone.GOOD, "runs it");
            case "waiting" -> new StateLabel(Tone.BUSY, "waiting");
            case "refused" -> new StateLabel(Tone.BAD, "refused");
            default -> new StateLabel(Tone.WARN, state);
        };
    }

    static String canaries(NewRollout plan) {
        var chosen = plan.canaries();
        if (chosen == null) return "";
        if (chosen.percentage() != null) return chosen.percentage() + " % of the edges";
        return chosen.labels() == null
                ? ""
                : chosen.labels().entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .sorted()
                        .collect(Collectors.joining(", "));
    }

    static String name(Rollouts.Guard guard) {
        return switch (guard.name()) {
            case "serverErrors" -> "5xx";
            case "hitRatio" -> "Hit ratio";
            case "latency" -> "p95 to the first byte";
            default -> guard.name();
        };
    }

    static String figure(Rollouts.Guard guard, @Nullable Double figure) {
        if (figure == null) return "—";
        return String.format(
                Locale.ROOT,
                switch (guard.name()) {
                    case "latency" -> "%.1f ms";
                    case "serverErrors" -> "%.2f %%";
                    default -> "%.1f %%";
                },
                figure);
    }

    static String allowed(Rollouts.Guard guard) {
        var number = BigDecimal.valueOf(guard.allowed()).stripTrailingZeros().toPlainString();
        return switch (guard.name()) {
            case "serverErrors" -> number + " points more";
            case "hitRatio" -> number + " points less";
            default -> number + " times as long";
        };
    }

    /// How much longer it is watched, if nothing happens.
    static String left(Rollouts.Item rollout, Instant now) {
        var until = rollout.watchedUntil();
        if (until == null) return "waits for the canaries to run it";
        if (now.isBefore(until)) return Words.span(Duration.between(now, until)) + " left";
        return "the time is up; it waits for enough traffic";
    }

    /// How much of the time is over, from 0 to 1.
    static double progress(Rollouts.Item rollout, Instant now) {
        var since = rollout.watchedSince();
        var until = rollout.watchedUntil();
        if (since == null || until == null || !since.isBefore(until)) return 0;
        var share = (double) Duration.between(since, now).toMillis()
                / Duration.between(since, until).toMillis();
        return Math.clamp(share, 0, 1);
    }
}
