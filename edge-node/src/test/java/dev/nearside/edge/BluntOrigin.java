package dev.nearside.edge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// An origin below HTTP: says these very bytes to a path, keeps the connection open, and remembers what it read.
final class BluntOrigin implements AutoCloseable {

    private final ServerSocket server;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final CountDownLatch left = new CountDownLatch(1);

    BluntOrigin() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    BluntOrigin on(String path, String answer) {
        answers.put(path, answer);
        return this;
    }

    /// Everything that came, on whatever connection.
    String read() {
        synchronized (read) {
            return read.toString(StandardCharsets.ISO_8859_1);
        }
    }

    /// Whether a connection was ended by the other side.
    boolean wasLeft() {
        return left.getCount() == 0;
    }

    private void accept() {
        try {
            while (true) {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                if (next < 0) return;
                head.append((char) next);
            }
            var answer = answers.get(head.toString().split(" ", 3)[1]);
            if (answer != null) socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            var some = new byte[4096];
            for (int n = socket.getInputStream().read(some);
                    n >= 0;
                    n = socket.getInputStream().read(some)) {
                synchronized (read) {
                    read.write(some, 0, n);
                }
            }
        } catch (IOException _) {
            // ended less politely
        } finally {
            left.countDown();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
