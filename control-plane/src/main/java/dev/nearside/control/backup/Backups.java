package dev.nearside.control.backup;

import dev.nearside.control.audit.Authorship;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Takes copies of the database, each as of one moment between two commits.
public interface Backups {

    /// Writes a copy, whole or not at all.
    ///
    /// @param to a file that is not there yet
    /// @return its bytes; empty if this database is backed up by its own means
    Optional<Long> write(Path to, Authorship by) throws IOException;
}
