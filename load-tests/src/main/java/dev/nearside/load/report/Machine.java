package dev.nearside.load.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/// Where and when something was measured.
///
/// @param load what the machine did besides, just before: the mean number of runnable processes in the last minute
public record Machine(
        LocalDate date, String processor, int cores, String system, String kernel, String java, double load) {

    private static final String NAME = "PRETTY_NAME=";

    public static Machine here() throws IOException {
        return new Machine(
                LocalDate.now(ZoneOffset.UTC),
                processorName(),
                Runtime.getRuntime().availableProcessors(),
                systemName(),
                System.getProperty("os.name") + ' ' + System.getProperty("os.version"),
                System.getProperty("java.runtime.version"),
                loadNow());
    }

    /// The mean number of runnable processes in the last minute.
    public static double loadNow() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0]);
    }

    private static String processorName() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    private static String systemName() throws IOException {
        var release = Path.of("/etc/os-release");
        var lines = Files.isReadable(release) ? Files.readAllLines(release) : List.<String>of();
        return lines.stream()
                .filter(line -> line.startsWith(NAME))
                .map(line -> line.substring(NAME.length()).replace("\"", ""))
                .findFirst()
                .orElse(System.getProperty("os.name"));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Taken on %s: %s, %d cores, %s, %s, JDK %s; load before the start %.1f",
                date,
                processor,
                cores,
                system,
                kernel,
                java,
                load);
    }
}
