package dev.nearside.control.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearside.control.http.Requirement.Anyone;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A stream of events that ends otherwise than well.
class BrokenStreamTest {

    @Test
    void whatFailsAtTheSourceIsNotTakenForAReaderWhoHasGone() throws Exception {
        var judged = new CompletableFuture<RuntimeException>();
        var route = Route.get(
                "/events",
                new Anyone(),
                _ -> new Answer.Events(_ -> {
                    throw new IllegalStateException("a stored thing that cannot be read");
                }));
        var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var server = new ApiServer(
                listen,
                Optional.empty(),
                new RouteTable(List.of(route)),
                _ -> new Caller.Stranger(),
                () -> "id",
                failure -> {
                    judged.complete(failure);
                    return false;
                })) {
            server.start();
            try (var reader = new Socket(server.uri().getHost(), server.uri().getPort())) {
                reader.setSoTimeout(10_000);
                reader.getOutputStream()
                        .write("GET /events HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

                assertThat(judged.get(10, TimeUnit.SECONDS)).hasMessage("a stored thing that cannot be read");
                assertThat(new String(reader.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .as("it does not end in good order")
                        .doesNotEndWith("0\r\n\r\n");
            }
        }
    }

    @Test
    void aReaderWhoHasGoneIsAFailureToWrite() {
        var writer = new EventWriter(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        throw new IllegalStateException("closed");
                    }
                },
                false);

        assertThatThrownBy(writer::heartbeat).isInstanceOf(UncheckedIOException.class);
    }
}
