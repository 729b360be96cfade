package dev.nearside.load.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What some processes have used since they began, as `/proc` says.
///
/// @param cpu processor time, their own and the kernel's for them
/// @param readFromDisk bytes that the page cache did not have
record Usage(Duration cpu, long readFromDisk) {

    /// These processes and all that they started.
    static Usage of(List<ProcessHandle> processes) throws IOException {
        var cpu = Duration.ZERO;
        var read = 0L;
        for (var process : processes.stream()
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .toList()) {
            cpu = cpu.plus(process.info().totalCpuDuration().orElse(Duration.ZERO));
            for (var line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "io"))) {
                if (line.startsWith("read_bytes: ")) read += Long.parseLong(line.substring("read_bytes: ".length()));
            }
        }
        return new Usage(cpu, read);
    }

    Usage minus(Usage before) {
        return new Usage(cpu.minus(before.cpu), readFromDisk - before.readFromDisk);
    }
}
