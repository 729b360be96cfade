package dev.nearside.load.restart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/// One life of an edge, seen from outside.
final class EdgeProcess {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int SOCKET_PATIENCE_MILLIS = 10_000;
    private static final int TICKS_PER_SECOND = 100;

    /// How every life of an edge is started, and where it answers.
    record Setting(List<String> command, Path config, Path data, Path log, String disk, int port, int management) {}

    private final Setting setting;
    private final Process process;
    private final long begun;

    private EdgeProcess(Setting setting, Process process, long begun) {
        this.setting = setting;
        this.process = process;
        this.begun = begun;
    }

    static EdgeProcess start(Setting setting) throws IOException {
        var command = new ArrayList<>(setting.command());
        command.addAll(List.of(
                "--config=" + setting.config(),
                "--data=" + setting.data(),
                "--listen=127.0.0.1:" + setting.port(),
                "--metrics=127.0.0.1:" + setting.management(),
                "--cache-memory=64MB",
                "--cache-disk=" + setting.disk(),
                "--allow-origins=loopback"));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(setting.log().toFile()));
        builder.environment().put("NEARSIDE_BUILD", "never");
        long begun = System.nanoTime();
        return new EdgeProcess(setting, builder.start(), begun);
    }

    /// Since the process was started.
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /// What the process, and the launcher before it, have used of the processors.
    Duration processorTime() throws IOException {
        var words = Files.readString(Path.of("/proc/%d/stat".formatted(process.pid())))
                .replaceFirst("^.*\\) ", "")
                .split(" ", -1);
        long ticks = Long.parseLong(words[11]) + Long.parseLong(words[12]);
        return Duration.ofMillis(ticks * 1_000 / TICKS_PER_SECOND);
    }

    boolean answers() {
        return !ask(setting.port(), "/").isEmpty();
    }

    /// Whether an object is answered from the cache; fails if it is another one.
    boolean hits(String path) {
        var answer = ask(setting.port(), path);
        if (!answer.contains("X-Cache: Hit")) return false;
        var body = new String(SmallOrigin.body(path), StandardCharsets.US_ASCII);
        if (!answer.endsWith("\r\n\r\n" + body)) throw new IllegalStateException(path + " has another body: " + answer);
        return true;
    }

    /// Has an object fetched.
    boolean fetches(String path) {
        return ask(setting.port(), path).startsWith("HTTP/1.1 200");
    }

    /// Until everything that was stored is known.
    void awaitReady() throws IOException {
        await("ready", () -> ask(setting.management(), "/health/ready").startsWith("HTTP/1.1 200"));
    }

    /// A figure on its page of metrics.
    double metric(String name) throws IOException {
        return ask(setting.management(), "/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .map(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .orElseThrow(() -> new IOException("no " + name));
    }

    /// In bytes: what lies in memory and is no page of a file.
    long resident() throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/%d/status".formatted(process.pid())))) {
            if (line.startsWith("RssAnon:")) return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
        throw new IOException("no resident memory");
    }

    void await(String what, BooleanSupplier condition) throws IOException {
        while (!condition.getAsBoolean()) {
            if (!process.isAlive()) throw new IOException("the edge ended; its log is " + setting.log());
            if (age().compareTo(PATIENCE) > 0) throw new IOException("%s: not within %s".formatted(what, PATIENCE));
            try {
                TimeUnit.MILLISECONDS.sleep(2);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    /// What is answered, as text; empty if nothing is.
    private static String ask(int port, String path) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(SOCKET_PATIENCE_MILLIS);
            socket.getOutputStream()
                    .write("GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                            .formatted(path)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }

    /// In bytes: what its heap holds after a collection.
    long heap() throws IOException {
        ask("GC.run");
        return Pattern.compile("total \\d+K, used (\\d+)K")
                .matcher(ask("GC.heap_info"))
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)) << 10)
                .sum();
    }

    private String ask(String command) throws IOException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var asking = new ProcessBuilder(jcmd, Long.toString(process.pid()), command)
                .redirectErrorStream(true)
                .start();
        try (var answer = asking.inputReader()) {
            return answer.readAllAsString();
        }
    }

    /// As an operator stops it.
    void stop() {
        process.destroy();
        awaitEnd();
    }

    /// As `kill -9` does.
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
