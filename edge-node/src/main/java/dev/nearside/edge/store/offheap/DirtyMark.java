package dev.nearside.edge.store.offheap;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A file that exists while the files beside it may be half written.
final class DirtyMark {

    private final Path file;
    private int writers;
    private boolean isSet;
    private long lastWrite;

    DirtyMark(Path file) {
        this.file = file;
        this.isSet = Files.exists(file);
    }

    boolean isSet() {
        return isSet;
    }

    /// Call before writing, and {@link #end} after it.
    synchronized void begin() throws IOException {
        if (!isSet) {
            Files.write(file, new byte[0], StandardOpenOption.CREATE);
            forceFolder();
            isSet = true;
        }
        writers++;
    }

    synchronized void end() {
        writers--;
        lastWrite = System.nanoTime();
    }

    private synchronized boolean mayClear(Duration quiet) {
        return isSet && writers == 0 && System.nanoTime() - lastWrite >= quiet.toNanos();
    }

    /// Removes the mark if nobody has written for a while and what was written can be forced to the disk.
    void clearIfQuietFor(Duration quiet, Forcing forcing) throws IOException {
        if (!mayClear(quiet)) return;
        long seen = lastWrite();
        forcing.force();
        synchronized (this) {
            if (!mayClear(quiet) || lastWrite != seen) return;
            Files.deleteIfExists(file);
            isSet = false;
        }
    }

    private synchronized long lastWrite() {
        return lastWrite;
    }

    private void forceFolder() throws IOException {
        @Nullable Path folder = file.getParent();
        if (folder == null) return;
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Waits until what was written is on the disk.
    @FunctionalInterface
    interface Forcing {
        void force() throws IOException;
    }
}
