package dev.nearside.load.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// What a process takes of its machine.
///
/// @param anonymous resident memory that is no file, in bytes
/// @param mapped resident pages of files, in bytes
/// @param files bytes of the files in its folder
/// @param open file descriptors
record Vitals(long anonymous, long mapped, long files, long open, long threads) {

    private static final Pattern HEAP = Pattern.compile("used\\s+(\\d+)K");
    private static final Pattern DIRECT = Pattern.compile("-\\s+Other \\(reserved=(\\d+)KB");

    static Vitals of(long pid, Path folder) throws IOException {
        var status = Files.readAllLines(Path.of("/proc/%d/status".formatted(pid)));
        return new Vitals(
                kilobytes(status, "RssAnon:"),
                kilobytes(status, "RssFile:") + kilobytes(status, "RssShmem:"),
                size(folder),
                count(Path.of("/proc/%d/fd".formatted(pid))),
                number(status, "Threads:"));
    }

    private static long kilobytes(List<String> status, String name) {
        return number(status, name) << 10;
    }

    private static long number(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    private static long count(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.count();
        }
    }

    static long size(Path folder) throws IOException {
        long sum = 0;
        try (var paths = Files.walk(folder)) {
            for (var path : (Iterable<Path>) paths::iterator) if (Files.isRegularFile(path)) sum += Files.size(path);
        } catch (UncheckedIOException _) {
            // a file went while it was looked at
        }
        return sum;
    }

    /// Bytes of heap in use, after a collection.
    static long heap(long pid) throws IOException {
        jcmd(pid, "GC.run");
        var found = HEAP.matcher(jcmd(pid, "GC.heap_info"));
        long sum = 0;
        // One of each generation; that of classes comes behind them.
        for (int i = 0; i < 2 && found.find(); i++) sum += Long.parseLong(found.group(1)) << 10;
        return sum;
    }

    /// Bytes of memory outside of the heap that buffers take; 0 if the JVM does not keep count.
    static long direct(long pid) throws IOException {
        var found = DIRECT.matcher(jcmd(pid, "VM.native_memory", "summary"));
        return found.find() ? Long.parseLong(found.group(1)) << 10 : 0;
    }

    private static String jcmd(long pid, String... words) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.add(Long.toString(pid));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var out = process.getInputStream()) {
            var said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS)) process.destroyForcibly();
            return said;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", (double) bytes / (1 << 20));
    }
}
