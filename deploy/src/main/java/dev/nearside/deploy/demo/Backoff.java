package dev.nearside.deploy.demo;

import java.time.Duration;

/// How long to wait before a dead child is started again: at once after a good life, longer after each short one.
record Backoff(int shortLives) {

    private static final Duration GOOD_LIFE = Duration.ofSeconds(20);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration FIRST = Duration.ofMillis(250);

    static final Backoff NONE = new Backoff(0);

    Backoff after(Duration lived) {
        return lived.compareTo(GOOD_LIFE) >= 0 ? NONE : new Backoff(shortLives + 1);
    }

    Duration pause() {
        var doubled = FIRST.multipliedBy(1L << Math.min(shortLives, 10));
        return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    }
}
