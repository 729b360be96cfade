package dev.nearside.edge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// An origin below HTTP: says these very bytes to a path, keeps the connection open, and remembers what it read.
final class BluntOrigin implements AutoCloseable {

    private final BareOrigin bare;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final CountDownLatch left = new CountDownLatch(1);

    BluntOrigin() throws IOException {
        bare = new BareOrigin(this::serve);
    }

    int port() {
        return bare.port();
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

    private void serve(Socket socket) throws IOException {
        try {
            var in = socket.getInputStream();
            var head = BareOrigin.head(in);
            if (head.isEmpty()) return;
            var answer = answers.get(head.split(" ", 3)[1]);
            if (answer != null) socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            var some = new byte[4096];
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                synchronized (read) {
                    read.write(some, 0, n);
                }
            }
        } finally {
            left.countDown();
        }
    }

    @Override
    public void close() throws IOException {
        bare.close();
    }
}
