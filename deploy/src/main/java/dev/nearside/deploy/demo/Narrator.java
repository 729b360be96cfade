package dev.nearside.deploy.demo;

import java.io.PrintStream;
import java.time.Duration;

/// Tells the operator at the terminal what is going on.
final class Narrator {

    private final PrintStream out;
    private final long start = System.nanoTime();

    Narrator(PrintStream out) {
        this.out = out;
    }

    /// One step, with the seconds since the start.
    void say(String step) {
        out.printf("[%5.1f s] %s%n", since().toMillis() / 1000.0, step);
        out.flush();
    }

    /// A block of text as it is.
    void show(String text) {
        out.println(text);
        out.flush();
    }

    Duration since() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
