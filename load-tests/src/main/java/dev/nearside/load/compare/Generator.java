package dev.nearside.load.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Asks a server as often as it answers: `wrk` over HTTP/1.1, `h2load` over HTTP/2.
///
/// Both leave half of the cores to the server alone.
final class Generator {

    private static final int TO_FINISH_SECONDS = 30;

    private final Path script;
    private final Path work;
    private final Path mixed;

    /// @param script `wrk.lua`
    /// @param work a folder for what comes out
    Generator(Path script, Path work) throws IOException {
        this.script = script;
        this.work = work;
        mixed = Files.writeString(
                work.resolve("mixed"),
                MixedSet.drawn().stream()
                        .map(MixedSet::length)
                        .map(length -> length + " " + Origin.path(length) + "\n")
                        .collect(Collectors.joining()));
    }

    Run run(Server server, Row row, int seconds) throws IOException, InterruptedException {
        return switch (row.transport()) {
            case HTTP, HTTPS -> wrk(server, row, seconds);
            case HTTP_2 -> h2load(server, row, seconds);
        };
    }

    private Run wrk(Server server, Row row, int seconds) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("wrk", "-t" + threads(row), "-c" + row.connections()));
        command.addAll(List.of("-d" + seconds + "s", "-s", script.toString()));
        switch (row.subject()) {
            case Row.One(var bytes) ->
                command.add(server.uri(row.transport(), bytes).toString());
            case Row.Mixed() ->
                command.addAll(
                        List.of(server.uri(row.transport(), MixedSet.length(0)).toString(), "--", mixed.toString()));
        }
        return Run.fromWrk(output(command, seconds));
    }

    private Run h2load(Server server, Row row, int seconds) throws IOException, InterruptedException {
        var length = switch (row.subject()) {
            case Row.One(var bytes) -> bytes;
            case Row.Mixed() -> throw new IllegalArgumentException("h2load draws nothing");
        };
        var log = work.resolve("h2load.log");
        Files.deleteIfExists(log);
        var command = new ArrayList<>(List.of("h2load", "-t" + threads(row), "-c" + row.connections()));
        command.addAll(List.of("-m" + Row.STREAMS, "-D" + seconds, "--warm-up-time=0", "--log-file=" + log));
        command.add(server.uri(row.transport(), length).toString());
        var output = output(command, seconds);
        try (var lines = Files.lines(log)) {
            return Run.fromH2load(output, lines);
        }
    }

    private static int threads(Row row) {
        return Math.clamp(Stage.workers() / 2, 1, row.connections());
    }

    private String output(List<String> command, int seconds) throws IOException, InterruptedException {
        var out = work.resolve("generator.log");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            if (process.waitFor(seconds + TO_FINISH_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return Files.readString(out);
            }
        } finally {
            process.destroyForcibly();
        }
        throw new IOException(String.join(" ", command) + " did not finish well:\n" + Files.readString(out));
    }
}
