package dev.nearside.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.persistence.DatabaseSettings;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// More connections than a process may have.
class CrowdTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void whenACrowdHasGoneTheDoorIsOpen(@TempDir Path data) throws Exception {
        var process = ControlPlaneProcess.startWith(400, data, new DatabaseSettings.InDirectory(data));
        try {
            while (process.uri().isEmpty() && process.isAlive()) Thread.onSpinWait();
            var uri = process.uri().orElseThrow();
            assertThat(live(uri)).isEqualTo(200);
            var crowd = new ArrayList<Socket>();
            for (int i = 0; i < 600; i++) crowd.add(new Socket(uri.getHost(), uri.getPort()));
            for (var socket : crowd) socket.close();

            assertThat(live(uri)).isEqualTo(200);
        } finally {
            process.kill();
        }
    }

    private static int live(URI uri) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(uri.resolve("/health/live"))
                    .timeout(PATIENCE)
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode();
        }
    }
}
