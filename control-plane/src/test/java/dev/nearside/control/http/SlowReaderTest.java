package dev.nearside.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.http.Requirement.Anyone;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A reader of events that stops reading.
class SlowReaderTest {

    @Test
    void losesItsConnectionWhenItTakesNothing() throws Exception {
        var ended = new CompletableFuture<Throwable>();
        var event = new Event("much", "x".repeat(1 << 20));
        var route = Route.get(
                "/events",
                new Anyone(),
                _ -> new Answer.Events(sink -> {
                    try {
                        while (true) sink.emit(event, Optional.empty());
                    } catch (RuntimeException gone) {
                        ended.complete(gone);
                        throw gone;
                    }
                }));
        var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var server = new ApiServer(
                listen,
                Optional.empty(),
                new RouteTable(List.of(route)),
                _ -> new Caller.Stranger(),
                () -> "id",
                _ -> false,
                Duration.ofMillis(300))) {
            server.start();
            try (var reader = new Socket(server.uri().getHost(), server.uri().getPort())) {
                reader.getOutputStream()
                        .write("GET /events HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

                assertThat(ended.get(10, TimeUnit.SECONDS)).isNotNull();
            }
        }
    }
}
