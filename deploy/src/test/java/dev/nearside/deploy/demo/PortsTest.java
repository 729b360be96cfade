package dev.nearside.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {

    private static final Ports ANY = new Ports(0, 0, 0, 0, 0, 0, 0);

    @Test
    void findsFreeOnesThatDiffer() {
        var ports = ANY.resolved();

        assertThat(ports.named())
                .extracting(Ports.Named::port)
                .doesNotHaveDuplicates()
                .doesNotContain(0);
        assertThat(ports.problems()).isEmpty();
    }

    @Test
    void namesATakenPortAndItsOption() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var ports = new Ports(0, 0, taken.getLocalPort(), 0, 0, 0, 0).resolved();

            assertThat(ports.problems())
                    .singleElement()
                    .asString()
                    .contains("port " + taken.getLocalPort() + " is taken", "edge-1", "--port-edge-1 N");
        }
    }

    @Test
    void namesEveryProblemAtOnce() {
        var free = ANY.resolved();
        var ports = new Ports(
                free.site(), free.site(), 99_999, free.edge1Management(), free.edge2(), free.edge2Management(), -1);

        assertThat(ports.problems()).hasSize(3);
    }
}
