package dev.nearside.deploy.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Waits for a child to answer as it should.
record Probe(HttpClient http) {

    /// A child that never came to answer, with the end of its log.
    static final class NeverReadyException extends Exception {
        private static final long serialVersionUID = 1L;

        NeverReadyException(String message) {
            super(message);
        }
    }

    private static final Duration BETWEEN = Duration.ofMillis(50);
    private static final Duration ONE_TRY = Duration.ofSeconds(5);
    private static final int LIVES = 3;
    private static final int LOG_LINES = 20;

    /// Asks until the child answers in the wanted way; gives up when it keeps dying or time is over.
    void await(Child child, URI uri, Predicate<HttpResponse<String>> wanted, Duration patience)
            throws NeverReadyException, InterruptedException {
        var end = System.nanoTime() + patience.toNanos();
        var last = Optional.<HttpResponse<String>>empty();
        while (System.nanoTime() < end && child.deaths() < LIVES) {
            last = ask(uri);
            if (last.filter(wanted).isPresent()) return;
            LockSupport.parkNanos(BETWEEN.toNanos());
            if (Thread.interrupted()) throw new InterruptedException();
        }
        var said = last.map(answer -> "it answered " + answer.statusCode()).orElse("it did not answer");
        var why = child.deaths() >= LIVES ? "it ended " + child.deaths() + " times" : said;
        throw new NeverReadyException(
                "%s is not ready: %s at %s%n%s".formatted(child.name(), why, uri, endOfLog(child)));
    }

    private Optional<HttpResponse<String>> ask(URI uri) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(uri).timeout(ONE_TRY).build();
            return Optional.of(http.send(request, BodyHandlers.ofString()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static String endOfLog(Child child) {
        try {
            var lines = Files.readAllLines(child.log());
            var end = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
            return "the end of %s:%n    %s".formatted(child.log(), String.join(System.lineSeparator() + "    ", end));
        } catch (IOException _) {
            return "it left no log";
        }
    }
}
