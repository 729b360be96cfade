package dev.nearside.load.proof;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// An origin that has everything, small, in one version at a time; each thing has its own path as a tag.
final class VersionedOrigin implements AutoCloseable {

    private static final int SIZE = 100;

    private final ServerSocket door = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger version = new AtomicInteger();

    VersionedOrigin() throws IOException {
        Thread.startVirtualThread(this::listen);
    }

    int port() {
        return door.getLocalPort();
    }

    /// Everything is another from now on.
    void change() {
        version.incrementAndGet();
    }

    /// What lies under a path, in a version: both of them, and blanks.
    static byte[] body(String path, int version) {
        var text = "version %d of %s".formatted(version, path);
        return (text + " ".repeat(SIZE - text.length())).getBytes(StandardCharsets.US_ASCII);
    }

    private void listen() {
        try {
            while (true) {
                var socket = door.accept();
                open.add(socket);
                Thread.startVirtualThread(() -> answer(socket));
            }
        } catch (IOException _) {
            // it is closed
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream());
            for (var line = Wire.line(in); !line.isEmpty(); line = Wire.line(in)) {
                Wire.fields(in);
                var path = line.split(" ", 3)[1];
                var body = new String(body(path, version.get()), StandardCharsets.US_ASCII);
                var answer = """
                        HTTP/1.1 200 OK\r
                        Cache-Control: max-age=86400\r
                        Content-Type: text/plain\r
                        X-Tags: %s\r
                        Content-Length: %d\r
                        \r
                        %s""".formatted(path, SIZE, body);
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException _) {
            // the edge hung up
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (var socket : open) socket.close();
    }
}
