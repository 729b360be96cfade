package dev.nearside.deploy.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Everything a demo keeps on disk, under one directory.
record State(Path directory) {

    private static final Set<StandardOpenOption> WRITE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);

    Path controlPlane() {
        return directory.resolve("control-plane");
    }

    Path firstPassword() {
        return controlPlane().resolve("first-admin-password");
    }

    Path edge(String name) {
        return directory.resolve(name);
    }

    Path enrolmentToken(String edge) {
        return directory.resolve(edge + ".enrolment-token");
    }

    Path logs() {
        return directory.resolve("logs");
    }

    /// Says where everything runs, for scripts.
    Path addresses() {
        return directory.resolve("demo.json");
    }

    private Path sitePort() {
        return directory.resolve("site-port");
    }

    private Path lockFile() {
        return directory.resolve("demo.lock");
    }

    /// Every reason why the directory cannot be used; creates it where it is missing.
    List<String> problems(long bytesPerEdge, List<String> edges) {
        var probe = directory.resolve(".writable");
        try {
            Files.createDirectories(logs());
            Files.write(probe, new byte[] {1});
            Files.delete(probe);
            var needed = 0L;
            for (var edge : edges) needed += Math.max(0, bytesPerEdge - size(edge(edge)));
            needed += needed / 4 + 64L * 1024 * 1024;
            var free = Files.getFileStore(directory).getUsableSpace();
            if (free < needed) {
                return List.of(
                        "--data: %s has %d MB free (expected: at least %d MB; --cache-disk sets the size of each edge's cache)"
                                .formatted(directory, free >> 20, needed >> 20));
            }
            return List.of();
        } catch (IOException e) {
            return List.of("--data: %s cannot be written (expected: a directory this user may write to): %s"
                    .formatted(directory, e));
        }
    }

    /// Held as long as a demo runs on this directory; empty when another one does.
    ///
    /// The lock ends with the process that holds it, however that ends.
    Optional<FileLock> lock() throws IOException {
        var channel = FileChannel.open(lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.tryLock();
        if (lock == null) channel.close();
        return Optional.ofNullable(lock);
    }

    boolean isEnrolled(String edge) {
        return Files.exists(enrolmentToken(edge));
    }

    void keepEnrolmentToken(String edge, String token) throws IOException {
        var file = enrolmentToken(edge);
        var privately = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(file, WRITE, privately)) {
            channel.write(StandardCharsets.UTF_8.encode(token + '\n'));
        }
    }

    Optional<String> readFirstPassword() throws IOException {
        return Files.exists(firstPassword())
                ? Optional.of(Files.readString(firstPassword()).strip())
                : Optional.empty();
    }

    /// The origin's port in the published configuration; empty until the demo configuration has been applied.
    Optional<Integer> appliedSitePort() throws IOException {
        return Files.exists(sitePort())
                ? Optional.of(Integer.parseInt(Files.readString(sitePort()).strip()))
                : Optional.empty();
    }

    void keepAppliedSitePort(int port) throws IOException {
        Files.writeString(sitePort(), port + "\n");
    }

    private static long size(Path folder) throws IOException {
        if (!Files.exists(folder)) return 0;
        var sum = new long[1];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }
}
