package dev.nearside.load.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// The control plane that is measured, a process of its own.
final class Subject implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern HEAP = Pattern.compile("(?:total|total reserved) [0-9]+K.*?used ([0-9]+)K");

    private final Process process;
    private final int port;
    private final Path data;
    private final Path log;

    private Subject(Process process, int port, Path data, Path log) {
        this.process = process;
        // However this ends, the control plane ends with it.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroyForcibly));
        this.port = port;
        this.data = data;
        this.log = log;
    }

    static Subject start(Path launcher, Path folder) throws IOException, InterruptedException {
        int port;
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        var data = folder.resolve("data");
        var log = folder.resolve("control-plane.log");
        var builder = new ProcessBuilder(
                launcher.toString(), "control-plane", "--data", data.toString(), "--listen", "127.0.0.1:" + port);
        builder.environment().put("NEARSIDE_BUILD", "never");
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        var subject = new Subject(builder.start(), port, data, log);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(log) || !Files.readString(log).contains("ready: ")) {
            if (!subject.process.isAlive() || System.nanoTime() > end) {
                subject.close();
                throw new IOException("the control plane did not start:\n" + Files.readString(log));
            }
            Thread.sleep(100);
        }
        return subject;
    }

    int port() {
        return port;
    }

    String firstPassword() throws IOException {
        return Files.readString(data.resolve("first-admin-password")).strip();
    }

    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    long residentMegabytes() throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
        }
        return 0;
    }

    /// After a full collection.
    long heapMegabytes() throws IOException, InterruptedException {
        command("GC.run");
        var match = HEAP.matcher(command("GC.heap_info"));
        long kilobytes = 0;
        while (match.find()) kilobytes += Long.parseLong(match.group(1));
        return kilobytes / 1024;
    }

    private String command(String what) throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var asked = new ProcessBuilder(List.of(jcmd, Long.toString(process.pid()), what))
                .redirectErrorStream(true)
                .start();
        var said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        asked.waitFor();
        return said;
    }

    /// What it had to complain of.
    List<String> complaints() throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains("ERROR") || line.contains("WARN"))
                .toList();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
