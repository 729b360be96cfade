package dev.nearside.deploy.demo;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One process that is kept running until it is told to stop.
///
/// Its standard input stays open as long as this JVM lives: that is what a tethered child watches. Its output goes to
/// a log file of its own.
final class Child {

    /// What to run, and under which name the operator knows it.
    ///
    /// @param classPath beside the command, which would be too long for those who look at it (`ps`, `pkill -f`)
    record Program(String name, List<String> command, String classPath) {
        Program {
            command = List.copyOf(command);
        }
    }

    private static final Duration GRACE = Duration.ofSeconds(12);

    /// Ctrl-C reaches the whole terminal: a child may see it before its parent does. So a death counts only if nobody
    /// asked for it a moment later.
    private static final Duration SECOND_THOUGHT = Duration.ofMillis(250);

    private static final long LOG_LIMIT = 16L * 1024 * 1024;

    private final Program program;
    private final Path log;
    private final Narrator narrator;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread keeper;
    private volatile @Nullable Process process;
    private final AtomicInteger deaths = new AtomicInteger();

    Child(Program program, Path log, Narrator narrator) {
        this.program = program;
        this.log = log;
        this.narrator = narrator;
        keeper = Thread.ofPlatform().name("keep-" + program.name()).unstarted(this::keep);
    }

    String name() {
        return program.name();
    }

    Path log() {
        return log;
    }

    /// How often it has ended without being asked to.
    int deaths() {
        return deaths.get();
    }

    void start() {
        keeper.start();
    }

    /// Asks it to end, without waiting for it.
    void askToStop() {
        stopping.countDown();
        var running = process;
        if (running != null) running.destroy();
    }

    /// Waits until it has ended, and insists after a while.
    void awaitStop() throws InterruptedException {
        if (keeper.getState() == Thread.State.NEW) return;
        if (!keeper.join(GRACE)) {
            narrator.say(name() + " does not stop; ending it the hard way");
            var running = process;
            if (running != null) running.destroyForcibly();
            keeper.join();
        }
    }

    private void keep() {
        var backoff = Backoff.NONE;
        try {
            while (stopping.getCount() > 0) {
                var born = System.nanoTime();
                var ending = runOnce();
                if (stopping.await(SECOND_THOUGHT.toMillis(), TimeUnit.MILLISECONDS)) return;
                deaths.incrementAndGet();
                backoff = backoff.after(Duration.ofNanos(System.nanoTime() - born));
                narrator.say("%s %s; starting it again in %.1f s (its log: %s)"
                        .formatted(name(), ending, backoff.pause().toMillis() / 1000.0, log));
                if (stopping.await(backoff.pause().toMillis(), TimeUnit.MILLISECONDS)) return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private String runOnce() throws InterruptedException {
        try {
            turnOver(log);
            var builder = new ProcessBuilder(program.command())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log.toFile()));
            builder.environment().put("CLASSPATH", program.classPath());
            var started = builder.start();
            process = started;
            if (stopping.getCount() == 0) started.destroy(); // asked to stop while it was being started
            var code = started.waitFor();
            return code > 128 ? "was ended by signal " + (code - 128) : "ended with exit code " + code;
        } catch (IOException e) {
            return "could not be started: " + e.getMessage();
        }
    }

    private static void turnOver(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_LIMIT) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
