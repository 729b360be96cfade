package dev.nearside.control;

import dev.nearside.control.persistence.DatabaseSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A control plane in a process of its own, which can be killed.
final class ControlPlaneProcess {
    private static final String READY = "ready: ";

    private final Process process;
    private final List<String> said = new ArrayList<>();
    private volatile Optional<URI> uri = Optional.empty();

    private ControlPlaneProcess(Process process) {
        this.process = process;
        Thread.ofVirtual().name("output").start(this::listen);
    }

    /// The build that the tests belong to.
    static String ownBuild() {
        return System.getProperty("java.class.path");
    }

    /// @param build the class path of the build to run
    static ControlPlaneProcess start(Path data, DatabaseSettings settings, String build) throws IOException {
        return start(command(data, settings, build));
    }

    /// One that may have no more than so many files and connections open.
    static ControlPlaneProcess startWith(int files, Path data, DatabaseSettings settings) throws IOException {
        var command = new ArrayList<>(List.of("bash", "-c", "ulimit -n " + files + "; exec \"$@\"", "bash"));
        command.addAll(command(data, settings, ownBuild()));
        return start(command);
    }

    private static ControlPlaneProcess start(List<String> command) throws IOException {
        return new ControlPlaneProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private static List<String> command(Path data, DatabaseSettings settings, String build) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(
                java,
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // Not the quiet one of the tests, which does not say where it serves.
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                build,
                "dev.nearside.control.ControlPlaneMain",
                "--data",
                data.toString(),
                "--invalidations-per-minute=1000000",
                "--listen",
                "127.0.0.1:0"));
        if (settings instanceof DatabaseSettings.OnPostgres(var url, var user, var _)) {
            command.addAll(List.of("--database", url, "--database-user", user.orElseThrow()));
        }
        return command;
    }

    private void listen() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (said) {
                    if (said.size() < 2_000) said.add(line);
                }
                int at = line.indexOf(READY);
                if (at >= 0)
                    uri = Optional.of(
                            URI.create(line.substring(at + READY.length()).strip()));
            }
        } catch (IOException _) {
            // It was killed.
        }
    }

    /// Where it serves; empty until it does.
    Optional<URI> uri() {
        return uri;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    List<String> said() {
        synchronized (said) {
            return List.copyOf(said);
        }
    }

    /// As `kill -9`.
    void kill() {
        process.destroyForcibly().onExit().join();
    }
}
