package dev.nearside.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator is told when a control plane starts, or cannot.
class StartTest {
    private final InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void leavesTheFirstPasswordForItsOwnerAlone(@TempDir Path directory) throws Exception {
        var data = directory.resolve("data");
        try (var _ = ControlPlane.start(Setup.in(data, anyPort))) {
            var file = data.resolve(ControlPlane.FIRST_PASSWORD_FILE);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwx------");
            assertThat(Files.readString(file).strip()).hasSizeGreaterThanOrEqualTo(20);
        }
    }

    @Test
    void namesADataDirectoryThatCannotBeWrittenTo(@TempDir Path directory) throws Exception {
        var file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> ControlPlane.start(Setup.in(file, anyPort)))
                .isInstanceOf(ControlPlane.NotStarted.class)
                .hasMessageContaining("--data: " + file)
                .hasMessageContaining("expected: a writable directory");
    }

    @Test
    void namesAPortThatIsTaken(@TempDir Path directory) throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), other.getLocalPort());

            assertThatThrownBy(() -> ControlPlane.start(Setup.in(directory, taken)))
                    .isInstanceOf(ControlPlane.NotStarted.class)
                    .hasMessageContaining("--listen: ")
                    .hasMessageContaining(Integer.toString(other.getLocalPort()));
        }
    }
}
