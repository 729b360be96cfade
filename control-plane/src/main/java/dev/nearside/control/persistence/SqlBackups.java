package dev.nearside.control.persistence;

import static dev.nearside.control.persistence.Database.remember;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.backup.Backups;
import dev.nearside.control.persistence.Database.Unavailable;
import dev.nearside.control.persistence.DatabaseSettings.InDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.zip.ZipFile;

/// Backups of the file database, and the way back from one.
public final class SqlBackups implements Backups {
    static final String FILE = "nearside.mv.db";

    private final Database database;

    public SqlBackups(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Long> write(Path to, Authorship by) throws IOException {
        if (database.isShared()) return Optional.empty();
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        var folder = to.toAbsolutePath().getParent();
        if (folder != null) Files.createDirectories(folder, ownerOnly);
        var part = to.resolveSibling(to.getFileName() + ".part");
        // It holds hashes of secrets: nobody else may read it, not even before it is whole.
        Files.deleteIfExists(part);
        Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        database.jdbi().useTransaction(handle -> {
            remember(handle, by, "back up", to.toString());
            handle.execute("backup to '" + part.toString().replace("'", "''") + "'");
        });
        sync(part);
        Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
        return Optional.of(Files.size(to));
    }

    /// Puts a backup in the place of a database that nobody has open, under a new epoch of the log; what was there
    /// stays beside it.
    ///
    /// @return what it put in place
    /// @throws Unavailable if the file is no backup, or the database is in use; nothing has changed then
    public static FeedPlace restore(Path backup, Path directory, Supplier<UUID> ids, Authorship by) throws Unavailable {
        refuseIfNone(backup);
        Database.makeDirectory(directory);
        var here = directory.resolve(FILE);
        var aside = directory.resolve(FILE + ".before-" + by.at().toString().replace(":", ""));
        var fresh = directory.resolve("restoring");
        try {
            refuseIfInUse(here, directory);
            delete(fresh);
            Database.makeDirectory(fresh);
            unpack(backup, fresh.resolve(FILE));
            FeedPlace place;
            // Before it is in place: it must never be served under the epoch that others knew.
            try (var database = Database.open(new InDirectory(fresh), ids)) {
                place = database.startNewEpoch(ids, by);
            }
            sync(fresh.resolve(FILE));
            if (Files.exists(here)) Files.move(here, aside, StandardCopyOption.ATOMIC_MOVE);
            Files.move(fresh.resolve(FILE), here, StandardCopyOption.ATOMIC_MOVE);
            delete(fresh);
            return place;
        } catch (IOException e) {
            throw new Unavailable("%s could not be restored to %s: %s".formatted(backup, directory, e), e);
        }
    }

    /// Where the log stands.
    public record FeedPlace(String epoch, long position, long snapshotVersion) {}

    /// Before anything is made for it.
    private static void refuseIfNone(Path backup) throws Unavailable {
        if (!Files.isRegularFile(backup)) {
            throw new Unavailable(
                    "FILE: %s does not exist (expected: what POST /api/v1/backups wrote)".formatted(backup));
        }
        try (var zip = new ZipFile(backup.toFile())) {
            if (zip.getEntry(FILE) == null) throw new IOException("there is no " + FILE + " in it");
        } catch (IOException e) {
            throw new Unavailable(
                    "FILE: %s is no backup of a control plane: %s (expected: what POST /api/v1/backups wrote)"
                            .formatted(backup, e.getMessage()),
                    e);
        }
    }

    private static void unpack(Path backup, Path to) throws IOException {
        try (var zip = new ZipFile(backup.toFile());
                var in = zip.getInputStream(zip.getEntry(FILE))) {
            Files.copy(in, to);
        }
    }

    private static void refuseIfInUse(Path file, Path directory) throws IOException, Unavailable {
        if (!Files.exists(file)) return;
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            if (lock != null) return;
        } catch (java.nio.channels.OverlappingFileLockException held) {
            throw inUse(directory, held);
        }
        throw inUse(directory, new IOException("locked"));
    }

    private static Unavailable inUse(Path directory, Exception cause) {
        return new Unavailable(
                "--data: %s is in use (expected: a control plane that is stopped)".formatted(directory), cause);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) Files.delete(file);
        }
        Files.delete(folder);
    }

    private static void sync(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
