package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.EdgeSettings.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {

    @TempDir
    Path folder;

    private EdgeSettings with(int port, Address management) {
        var settings = SmallNode.in(folder).at("127.0.0.1", port).settings();
        return new EdgeSettings(
                settings.source(),
                settings.data(),
                settings.via(),
                settings.viewers(),
                settings.cache(),
                settings.origins(),
                new EdgeSettings.Operators(Optional.of(management), Optional.empty()));
    }

    @Test
    void anyFreePortIsFree() {
        assertThat(Ports.problems(with(0, new Address("127.0.0.1", 0)))).isEmpty();
    }

    @Test
    void aPortThatWasFreeIsFreeAgainAfterTheLook() throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        assertThat(Ports.problems(with(port, new Address("127.0.0.1", 0)))).isEmpty();
        assertThat(Ports.problems(with(port, new Address("127.0.0.1", 0)))).isEmpty();
    }

    @Test
    void oneAddressForTwoPurposes() throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        assertThat(Ports.problems(with(port, new Address("127.0.0.1", port))))
                .containsExactly(
                        "--metrics: 127.0.0.1:%d (expected: an address of this machine with a free port): it is the one of --listen"
                                .formatted(port));
    }

    @Test
    void anAddressOfAnotherMachine() {
        assertThat(Ports.problems(with(0, new Address("192.0.2.1", 8081))))
                .singleElement()
                .asString()
                .startsWith("--metrics: 192.0.2.1:8081 (expected: an address of this machine with a free port): ");
    }
}
