package dev.nearside.load.proof;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A disk of its own in a file: it can be filled, and made read-only as a kernel does that has found it damaged.
final class SmallDisk implements AutoCloseable {

    private static final Path ERRORS = Path.of("/sys/fs/ext4");

    private final Path image;
    private final Path folder;
    private boolean isMounted;

    private SmallDisk(Path image, Path folder) {
        this.image = image;
        this.folder = folder;
    }

    /// Why there can be none on this machine; empty if there can.
    static Optional<String> missing() {
        if (!"root".equals(System.getProperty("user.name"))) return Optional.of("only root may mount a disk");
        for (var program : List.of("/usr/sbin/mkfs.ext4", "/usr/bin/mount", "/usr/bin/umount", "/usr/sbin/losetup")) {
            if (!Files.isExecutable(Path.of(program))) return Optional.of(program + " is not there");
        }
        try {
            run("/usr/sbin/losetup", "--find");
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    static SmallDisk make(Path parent, long bytes) throws IOException {
        var disk = new SmallDisk(parent.resolve("disk.image"), parent.resolve("disk"));
        Files.createDirectories(disk.folder);
        try (var file = new RandomAccessFile(disk.image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        run("/usr/sbin/mkfs.ext4", "-q", "-F", "-m", "0", disk.image.toString());
        disk.mount();
        return disk;
    }

    Path folder() {
        return folder;
    }

    void mount() throws IOException {
        run("/usr/bin/mount", "-o", "loop,errors=remount-ro", image.toString(), folder.toString());
        isMounted = true;
    }

    /// As an operator does who mounts what failed before. First as usual: its journal has to be played.
    void mountReadOnly() throws IOException {
        mount();
        run("/usr/bin/mount", "-o", "remount,ro", folder.toString());
    }

    void unmount() throws IOException {
        run("/usr/bin/umount", folder.toString());
        isMounted = false;
    }

    /// Until there is no room for another byte.
    void fill() throws IOException {
        var zeros = ByteBuffer.allocate(1 << 16);
        try (var file = Files.newByteChannel(filler(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int size = zeros.capacity(); size > 0; ) {
                try {
                    file.write(zeros.clear().limit(size));
                } catch (FileSystemException e) {
                    throw e;
                } catch (IOException _) {
                    size /= 16; // full for as much as that
                }
            }
        }
    }

    void makeRoom() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    /// As after an error of the device, with files open.
    void failUntilMounted() throws IOException {
        var device = run("/usr/sbin/losetup", "--noheadings", "--output", "NAME", "--associated", image.toString());
        var name = Path.of(device.strip()).getFileName().toString();
        Files.writeString(ERRORS.resolve(name).resolve("trigger_fs_error"), "1");
    }

    /// Bytes of a file that the disk has given it.
    static long reserved(Path file) throws IOException {
        return 512
                * Long.parseLong(
                        run("/usr/bin/stat", "-c", "%b", file.toString()).strip());
    }

    private static String run(String... command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var out = process.getInputStream()) {
            var said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0) return said;
            throw new IOException("%s: %s".formatted(String.join(" ", command), said.strip()));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (isMounted) unmount();
        Files.deleteIfExists(image);
    }
}
