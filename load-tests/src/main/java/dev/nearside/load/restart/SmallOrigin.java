package dev.nearside.load.restart;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Answers every request with the same small object; while it is away, nobody answers on its port.
final class SmallOrigin implements AutoCloseable {

    private static final byte[] ANSWER = """
            HTTP/1.1 200 OK\r
            Cache-Control: max-age=86400\r
            Content-Type: text/plain\r
            Content-Length: 1000\r
            \r
            """.concat("0123456789".repeat(100)).getBytes(StandardCharsets.US_ASCII);

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
            while (skipHead(in)) socket.getOutputStream().write(ANSWER);
        } catch (IOException _) {
            // the edge hung up, or the origin left
        } finally {
            open.remove(socket);
        }
    }

    /// False at the end of the connection.
    private static boolean skipHead(BufferedInputStream in) throws IOException {
        int matched = 0;
        while (matched < 4) {
            int read = in.read();
            if (read < 0) return false;
            matched = read == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : read == '\r' ? 1 : 0;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        leave();
    }
}
