package dev.nearside.edge.log;

import dev.nearside.edge.file.ReadOnlyDisk;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line per request. A thread of its own formats and writes; a request never waits for it.
///
/// Lines that the disk cannot keep up with are dropped and counted. Files rotate by size: `access.log`,
/// `access.log.1` and so on, the oldest is deleted.
public final class AccessLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int WAITING_LINES = 16_384;
    private static final int MOST_AT_ONCE = 1_024;
    private static final long PAUSE_MILLIS = 20;

    /// Where and how the log is written.
    ///
    /// @param fileBytes after how many bytes a file is rotated
    /// @param files how many rotated files are kept
    public record Settings(Path folder, LogFormat format, String node, long fileBytes, int files) {}

    private final Settings settings;
    private final ArrayBlockingQueue<Exchange> waiting = new ArrayBlockingQueue<>(WAITING_LINES);
    private final LongAdder dropped = new LongAdder();
    private final Thread writer;
    private volatile boolean closed;

    private AccessLog(Settings settings) {
        this.settings = settings;
        this.writer = Thread.ofPlatform().name("access-log").unstarted(this::run);
    }

    /// Opens a log and starts its thread.
    ///
    /// @throws IOException if the folder cannot be written to
    public static AccessLog open(Settings settings) throws IOException {
        var folder = settings.folder();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            // A disk that takes no changes is no reason not to answer viewers.
            if (!ReadOnlyDisk.isWhy(e, folder)) throw e;
        }
        var log = new AccessLog(settings);
        log.writer.start();
        return log;
    }

    public void write(Exchange exchange) {
        if (!waiting.offer(exchange)) dropped.increment();
    }

    /// How many lines were dropped so far.
    public long dropped() {
        return dropped.sum();
    }

    /// Writes what is waiting.
    @Override
    public void close() {
        closed = true;
        writer.interrupt();
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        for (int failures = 0; !closed || !waiting.isEmpty(); ) {
            try {
                writeFile();
            } catch (IOException e) {
                // It is tried again every second, and would be said every second.
                if (Integer.bitCount(++failures) == 1) {
                    LOG.error("The access log cannot be written ({} times so far): {}", failures, e.toString());
                }
                dropped.add(waiting.size());
                waiting.clear();
                pause();
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private void writeFile() throws IOException {
        var path = settings.folder().resolve("access.log");
        Files.createDirectories(settings.folder());
        long size = Files.exists(path) ? Files.size(path) : 0;
        try (var out = Files.newBufferedWriter(
                path, StandardCharsets.ISO_8859_1, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            if (size == 0 && settings.format() == LogFormat.W3C) size += append(out, LogLine.head());
            while (size < settings.fileBytes()) {
                for (var exchange : next()) {
                    size += append(out, LogLine.write(exchange, settings.node(), settings.format()));
                }
                if (waiting.isEmpty()) out.flush();
                if (closed && waiting.isEmpty()) return;
            }
        }
        rotate(path);
    }

    private static long append(BufferedWriter out, String line) throws IOException {
        out.write(line);
        return line.length();
    }

    /// What is waiting; if nothing is, what has come a moment later. Nobody has to be woken for a line: that would cost
    /// its request more than the line.
    private List<Exchange> next() {
        var lines = new ArrayList<Exchange>();
        if (waiting.drainTo(lines, MOST_AT_ONCE) > 0) return lines;
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            closed = true;
        }
        waiting.drainTo(lines, MOST_AT_ONCE);
        return lines;
    }

    private void rotate(Path path) throws IOException {
        for (int i = settings.files() - 1; i >= 1; i--) {
            var older = path.resolveSibling("access.log." + i);
            if (Files.exists(older)) {
                Files.move(older, path.resolveSibling("access.log." + (i + 1)), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(path, path.resolveSibling("access.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
}
