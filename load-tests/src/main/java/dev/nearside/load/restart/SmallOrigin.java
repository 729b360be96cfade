package dev.nearside.load.restart;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Answers every request with a small object that says whose it is; while it is away, nobody answers on its port.
final class SmallOrigin implements AutoCloseable {

    private static final int SIZE = 1_000;

    private static final String HEAD = """
            HTTP/1.1 200 OK\r
            Cache-Control: max-age=86400\r
            Content-Type: text/plain\r
            Content-Length: %d\r
            \r
            """.formatted(SIZE);

    private final InetSocketAddress where;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private ServerSocket door;

    SmallOrigin() throws IOException {
        door = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        where = new InetSocketAddress(InetAddress.getLoopbackAddress(), door.getLocalPort());
        listen();
    }

    int port() {
        return where.getPort();
    }

    void comeBack() throws IOException {
        door = new ServerSocket();
        door.setReuseAddress(true);
        door.bind(where, 1_000);
        listen();
    }

    void leave() throws IOException {
        door.close();
        for (var socket : open) socket.close();
        open.clear();
    }

    private void listen() {
        var listening = door;
        Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    var socket = listening.accept();
                    open.add(socket);
                    Thread.startVirtualThread(() -> answer(socket));
                }
            } catch (IOException _) {
                // it left
            }
        });
    }

    private void answer(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream());
            for (var path = readPath(in); path.isPresent(); path = readPath(in)) {
                var answer = new ByteArrayOutputStream(2 * SIZE);
                answer.writeBytes(HEAD.getBytes(StandardCharsets.US_ASCII));
                answer.writeBytes(body(path.get()));
                socket.getOutputStream().write(answer.toByteArray());
            }
        } catch (IOException _) {
            // the edge hung up, or the origin left
        } finally {
            open.remove(socket);
        }
    }

    /// What lies under a path: the path itself, again and again.
    static byte[] body(String path) {
        var line = path + "\n";
        return line.repeat(SIZE / line.length() + 1).substring(0, SIZE).getBytes(StandardCharsets.US_ASCII);
    }

    /// Of the next request; empty at the end of the connection.
    private static Optional<String> readPath(BufferedInputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int read = in.read();
            if (read < 0) return Optional.empty();
            head.append((char) read);
        }
        return Optional.of(head.toString().split(" ", 3)[1]);
    }

    @Override
    public void close() throws IOException {
        leave();
    }
}
