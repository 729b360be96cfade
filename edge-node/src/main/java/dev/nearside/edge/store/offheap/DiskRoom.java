package dev.nearside.edge.store.offheap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether a disk has room for what is to be reserved on it.
///
/// @param bytes of the whole tier
/// @param missing bytes that are still to be reserved
/// @param usable bytes that the disk has left for them
/// @param holds whether there are shards that can be used as they are
record DiskRoom(Path directory, long bytes, long missing, long usable, boolean holds) {

    /// @param freed bytes that will be given back before
    static DiskRoom of(Path directory, long bytes, List<ShardFolder> folders, long freed) throws IOException {
        long missing = 0;
        boolean holds = false;
        for (var folder : folders) {
            missing += folder.missingBytes();
            holds |= folder.mayBeOpened();
        }
        long usable = Files.getFileStore(existing(directory)).getUsableSpace() + freed;
        return new DiskRoom(directory, bytes, missing, usable, holds);
    }

    private static Path existing(Path directory) {
        @Nullable Path near = directory.toAbsolutePath();
        while (near != null && !Files.exists(near)) near = near.getParent();
        return near == null ? directory : near;
    }

    boolean isShort() {
        return missing > usable;
    }

    /// Whether nothing can be begun there.
    boolean isRefused() {
        return isShort() && !holds;
    }

    /// For the operator.
    String complaint() {
        return isRefused()
                ? "cache on disk: %d MB (expected: at most %d MB, which is what %s has left)"
                        .formatted(bytes >> 20, (bytes - missing + usable) >> 20, directory)
                : "%s: has %d MB left, %d MB are missing for the cache"
                        .formatted(directory, usable >> 20, missing >> 20);
    }
}
