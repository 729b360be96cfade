package dev.nearside.edge.store.offheap;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A file that exists while the files beside it may be half written; it says which run of the machine wrote.
///
/// A second file says the opposite: should the first one get lost, an old index would pass for the latest.
///
/// What a process wrote is there after it was killed. What it wrote may be there in part if the machine went down.
final class DirtyMark {

    private static final Path THIS_RUN = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path file;
    private final Path opposite;
    private int writers;
    private volatile boolean isSet;
    private long lastWrite;
    private long lastClear = System.nanoTime();

    DirtyMark(Path file) {
        this.file = file;
        this.opposite = file.resolveSibling("clean");
        this.isSet = Files.exists(file) || !Files.exists(opposite);
    }

    boolean isSet() {
        return isSet;
    }

    /// Whether the machine has been running ever since the mark was set.
    boolean isOfThisRun() throws IOException {
        var now = thisRun();
        return !now.isEmpty() && Files.exists(file) && Files.readString(file).equals(now);
    }

    private static String thisRun() throws IOException {
        return Files.exists(THIS_RUN) ? Files.readString(THIS_RUN, StandardCharsets.US_ASCII) : "";
    }

    /// Call before writing, and {@link #end} after it.
    synchronized void begin() throws IOException {
        if (!isSet) {
            write(file);
            Files.deleteIfExists(opposite);
            isSet = true;
        }
        writers++;
    }

    static void write(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.US_ASCII.encode(thisRun()));
            channel.force(false);
        }
        forceFolder(file);
    }

    synchronized void end() {
        writers--;
        lastWrite = System.nanoTime();
    }

    /// How long nothing has been forced to the disk although it was written to; nothing while the mark is not set.
    synchronized Duration age() {
        return isSet ? Duration.ofNanos(System.nanoTime() - lastClear) : Duration.ZERO;
    }

    synchronized void beginAnew() {
        lastClear = System.nanoTime();
    }

    private synchronized boolean mayClear(Duration quiet) {
        return isSet && writers == 0 && System.nanoTime() - lastWrite >= quiet.toNanos();
    }

    /// Removes the mark if nobody has written for a while and what was written can be forced to the disk.
    void clearIfQuietFor(Duration quiet, Forcing forcing) throws IOException {
        if (!mayClear(quiet)) return;
        long seen = lastWrite();
        if (!forcing.force()) return;
        synchronized (this) {
            if (!mayClear(quiet) || lastWrite != seen) return;
            write(opposite);
            Files.deleteIfExists(file);
            isSet = false;
            lastClear = System.nanoTime();
        }
    }

    private synchronized long lastWrite() {
        return lastWrite;
    }

    private static void forceFolder(Path file) throws IOException {
        @Nullable Path folder = file.getParent();
        if (folder == null) return;
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Waits until what was written is on the disk; false if not all of it can be.
    @FunctionalInterface
    interface Forcing {
        boolean force() throws IOException;
    }
}
