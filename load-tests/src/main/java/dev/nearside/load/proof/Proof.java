package dev.nearside.load.proof;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/// Something that a running edge is put through. Its exit status says whether the edge stood it.
abstract class Proof implements Callable<Integer> {

    @Option(names = "--home", required = true, hidden = true, description = "Where the launcher lies.")
    private Path home = Path.of("");

    @Option(
            names = "--folder",
            required = true,
            hidden = true,
            description = "Where everything is kept meanwhile; it stays when something was found.")
    private Path folder = Path.of("");

    Path home() {
        return home;
    }

    /// Puts an edge through it, says what came of it, and adds whatever is wrong.
    abstract void prove(Path folder, Findings findings, PrintStream out) throws IOException;

    @Override
    @SuppressWarnings("SystemOut") // the figures are what this is for
    public Integer call() throws IOException {
        Files.createDirectories(folder);
        var findings = new Findings();
        prove(folder, findings, System.out);
        return findings.isEmpty() ? 0 : 1;
    }
}
