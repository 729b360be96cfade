package dev.nearside.edge.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Tells a disk that takes no changes, which happens to machines, from a folder that was badly chosen, which happens to
/// operators.
public final class ReadOnlyDisk {

    private ReadOnlyDisk() {}

    /// Whether that is why nothing can be written at a path. Whoever may not, or finds a file where a folder should be,
    /// is told so otherwise.
    public static boolean isWhy(IOException failure, Path path) {
        if (failure instanceof AccessDeniedException || failure instanceof FileAlreadyExistsException) return false;
        for (@Nullable Path near = path.toAbsolutePath(); near != null; near = near.getParent()) {
            if (Files.isDirectory(near)) return !Files.isWritable(near);
        }
        return false;
    }
}
