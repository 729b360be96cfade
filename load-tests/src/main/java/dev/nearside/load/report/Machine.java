package dev.nearside.load.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/// Where and when something was measured.
///
/// @param load what the machine did besides, just before: the mean number of runnable processes in the last minute
public record Machine(LocalDate date, String processor, int cores, String kernel, String java, double load) {

    public static Machine here() throws IOException {
        return new Machine(
                LocalDate.now(ZoneOffset.UTC),
                processorName(),
                Runtime.getRuntime().availableProcessors(),
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

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Taken on %s: %s, %d cores, %s, JDK %s; load before the start %.1f",
                date,
                processor,
                cores,
                kernel,
                java,
                load);
    }
}
