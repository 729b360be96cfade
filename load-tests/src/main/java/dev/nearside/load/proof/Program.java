package dev.nearside.load.proof;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A process that the launcher becomes: a control plane or an edge, with a health check on a port of its own.
final class Program implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final Process process;
    private final Path log;
    private final int health;

    private Program(Process process, Path log, int health) {
        this.process = process;
        this.log = log;
        this.health = health;
    }

    /// @param command of the launcher, with its options
    /// @param health the port where it is asked how it is
    /// @param javaOptions for the process alone
    static Program start(Path home, Path log, int health, List<String> command, String javaOptions) throws IOException {
        var words = new ArrayList<String>();
        words.add(home.resolve("nearside").toString());
        words.addAll(command);
        var builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("NEARSIDE_BUILD", "never");
        if (!javaOptions.isEmpty()) builder.environment().put("JDK_JAVA_OPTIONS", javaOptions);
        var process = builder.start();
        // Nobody is left behind when the proof is given up.
        RUNNING.add(process);
        return new Program(process, log, health);
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Path log() {
        return log;
    }

    void awaitReady() throws IOException {
        await(() -> get("/health/ready").statusCode() == 200);
    }

    private interface Look {
        boolean isEnough() throws IOException;
    }

    private void await(Look look) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isEnough(look)) {
            if (!process.isAlive()) {
                throw new IOException("it ended with %d; its log is %s".formatted(process.exitValue(), log));
            }
            if (System.nanoTime() > end) throw new IOException("not ready within %s: %s".formatted(PATIENCE, log));
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static boolean isEnough(Look look) {
        try {
            return look.isEnough();
        } catch (IOException _) {
            return false; // nobody answers yet
        }
    }

    private HttpResponse<String> get(String path) throws IOException {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + health + path))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /// A metric without labels; -1 if there is none of that name.
    double metric(String name) throws IOException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + ' '))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(-1);
    }

    /// As `kill -9` does.
    void kill() throws IOException {
        process.toHandle().destroyForcibly();
        awaitEnd();
    }

    /// As an operator stops it.
    @Override
    public void close() throws IOException {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() throws IOException {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                process.destroyForcibly().waitFor();
            RUNNING.remove(process);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
