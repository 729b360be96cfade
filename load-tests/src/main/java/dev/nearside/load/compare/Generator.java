package dev.nearside.load.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Asks a server as often as it answers: `wrk` over HTTP/1.1, `h2load` over HTTP/2.
///
/// Both leave half of the cores to the server alone.
final class Generator {

    private static final int TO_FINISH_SECONDS = 30;

    /// A miss, then Traffic Server's hit from disk, then one from memory.
    private static final int TIMES_TO_FILL = 3;

    private static final int SECONDS_TO_FILL = 120;

    private final Stage stage;
    private final Path work;
    private final Path mixed;

    /// @param stage has a folder for what comes out
    Generator(Stage stage) throws IOException {
        this.stage = stage;
        work = stage.work();
        mixed = Files.writeString(
                work.resolve("mixed"),
                MixedSet.drawn().stream()
                        .map(MixedSet::length)
                        .map(length -> length + " " + Origin.path(length) + "\n")
                        .collect(Collectors.joining()));
    }

    /// Asks for what a row is about, one thing after the other, so often that it lies in memory.
    void fill(Server server, Row.Subject subject) throws IOException, InterruptedException {
        var lengths = switch (subject) {
            case Row.One(var bytes) -> List.of(bytes);
            case Row.Mixed() ->
                IntStream.range(0, MixedSet.OBJECTS).mapToObj(MixedSet::length).toList();
        };
        var uris = Files.write(
                work.resolve("uris"),
                lengths.stream()
                        .map(length -> server.uri(Row.Transport.HTTP, length).toString())
                        .toList());
        var requests = lengths.size() * TIMES_TO_FILL;
        var output = output(List.of("h2load", "--h1", "-t1", "-c1", "-n" + requests, "-i" + uris), SECONDS_TO_FILL);
        if (!output.contains(" " + requests + " succeeded,")) {
            throw new IOException(
                    "%s cannot be filled:%n%s".formatted(server.peer().title(), output));
        }
    }

    Run run(Server server, Row row, int seconds) throws IOException, InterruptedException {
        return switch (row.transport()) {
            case HTTP, HTTPS -> wrk(server, row, seconds);
            case HTTP_2 -> h2load(server, row, seconds);
        };
    }

    private Run wrk(Server server, Row row, int seconds) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("wrk", "-t" + threads(row), "-c" + row.connections()));
        command.addAll(List.of(
                "-d" + seconds + "s",
                "-s",
                stage.configurations().resolve("wrk.lua").toString()));
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
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment()
                .put(
                        "OPENSSL_CONF",
                        stage.configurations().resolve("openssl.cnf").toString());
        var process = stage.begin(builder);
        try {
            if (!process.waitFor(seconds + TO_FINISH_SECONDS, TimeUnit.SECONDS)) throw failure(command, "hangs");
            if (process.exitValue() != 0) throw failure(command, "ended with exit code " + process.exitValue());
            return Files.readString(out);
        } finally {
            stage.end(process);
        }
    }

    private IOException failure(List<String> command, String what) throws IOException {
        return new IOException("%s %s: %s"
                .formatted(
                        String.join(" ", command),
                        what,
                        Files.readString(work.resolve("generator.log")).strip()));
    }
}
