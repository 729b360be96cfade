package dev.nearside.control.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How much worse the canaries may be than the edges that still run the snapshot before; what is absent is not
/// watched.
///
/// @param serverErrorIncrease in percentage points of all answers
/// @param hitRatioDrop in percentage points
/// @param latencyRatio how many times as long the 95th percentile may be
/// @param minRequests that each side must have answered before anything is concluded
public record Guards(
        Optional<Double> serverErrorIncrease,
        Optional<Double> hitRatioDrop,
        Optional<Double> latencyRatio,
        int minRequests) {

    static final int DEFAULT_MIN_REQUESTS = 100;

    /// What is watched if nobody says what.
    static final Guards PROPOSED =
            new Guards(Optional.of(1.0), Optional.of(10.0), Optional.of(2.0), DEFAULT_MIN_REQUESTS);

    /// Below this, in milliseconds, all latencies are alike: no viewer feels it, and a busy machine moves it.
    static final double FELT_MILLIS = 5;

    /// One guard's word about both sides.
    ///
    /// @param canaries what the canaries have; empty while they answered nothing
    /// @param others what the others have; empty while they answered nothing
    /// @param allowed how far the canaries may be off
    public record Verdict(
            Guarded guarded, Optional<Double> canaries, Optional<Double> others, double allowed, Standing standing) {

        /// In words, with the figures.
        String told() {
            return guarded.told(canaries.orElse(0.0), others.orElse(0.0), allowed);
        }
    }

    public enum Standing {
        FINE,
        BROKEN,
        TOO_LITTLE_TRAFFIC
    }

    /// What can be watched.
    public enum Guarded {
        SERVER_ERRORS,
        HIT_RATIO,
        LATENCY;

        private double of(Counts counts) {
            return switch (this) {
                case SERVER_ERRORS -> counts.serverErrorRate();
                case HIT_RATIO -> counts.hitRatio();
                case LATENCY -> counts.latency95();
            };
        }

        private boolean isBroken(double canaries, double others, double allowed) {
            return switch (this) {
                case SERVER_ERRORS -> canaries - others > allowed;
                case HIT_RATIO -> others - canaries > allowed;
                case LATENCY -> canaries > Math.max(others, FELT_MILLIS) * allowed;
            };
        }

        private String told(double canaries, double others, double allowed) {
            var words = switch (this) {
                case SERVER_ERRORS -> "5xx %.2f %% on the canaries, %.2f %% on the others (allowed: %.2f points more)";
                case HIT_RATIO ->
                    "hit ratio %.1f %% on the canaries, %.1f %% on the others (allowed: %.1f points less)";
                case LATENCY -> "p95 latency %.1f ms on the canaries, %.1f ms on the others (allowed: %.2f times)";
            };
            return String.format(Locale.ROOT, words, canaries, others, allowed);
        }
    }

    boolean areAny() {
        return serverErrorIncrease.isPresent() || hitRatioDrop.isPresent() || latencyRatio.isPresent();
    }

    boolean isEnough(Sides seen) {
        return seen.canaries().requests() >= minRequests && seen.others().requests() >= minRequests;
    }

    /// What each guard says.
    public List<Verdict> judge(Sides seen) {
        var verdicts = new ArrayList<Verdict>();
        serverErrorIncrease.ifPresent(allowed -> verdicts.add(judge(Guarded.SERVER_ERRORS, seen, allowed)));
        hitRatioDrop.ifPresent(allowed -> verdicts.add(judge(Guarded.HIT_RATIO, seen, allowed)));
        latencyRatio.ifPresent(allowed -> verdicts.add(judge(Guarded.LATENCY, seen, allowed)));
        return verdicts;
    }

    private Verdict judge(Guarded guarded, Sides seen, double allowed) {
        var canaries = figure(guarded, seen.canaries());
        var others = figure(guarded, seen.others());
        var standing = !isEnough(seen) || canaries.isEmpty() || others.isEmpty()
                ? Standing.TOO_LITTLE_TRAFFIC
                : guarded.isBroken(canaries.get(), others.get(), allowed) ? Standing.BROKEN : Standing.FINE;
        return new Verdict(guarded, canaries, others, allowed, standing);
    }

    private static Optional<Double> figure(Guarded guarded, Counts counts) {
        return counts.requests() == 0 ? Optional.empty() : Optional.of(guarded.of(counts));
    }
}
