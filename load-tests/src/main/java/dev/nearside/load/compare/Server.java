package dev.nearside.load.compare;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.function.Predicate;

/// A peer that runs and answers.
///
/// @param version what was installed, or built
/// @param processes those that were started; their children count too
/// @param port where it speaks HTTP
/// @param securePort where it speaks HTTPS
/// @param hit whether these fields of an answer say that it came from memory
record Server(
        Peer peer,
        String version,
        List<ProcessHandle> processes,
        int port,
        int securePort,
        Predicate<HttpHeaders> hit) {

    Server {
        processes = List.copyOf(processes);
    }

    URI uri(Row.Transport transport, int bytes) {
        return switch (transport) {
            case HTTP -> URI.create("http://127.0.0.1:%d%s".formatted(port, Origin.path(bytes)));
            case HTTPS, HTTP_2 -> URI.create("https://127.0.0.1:%d%s".formatted(securePort, Origin.path(bytes)));
        };
    }
}
