package dev.nearside.edge;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/// An origin that remembers each request to the byte, and answers all of them with the same bytes.
final class VerbatimOrigin implements AutoCloseable {

    private final BareOrigin bare;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    VerbatimOrigin() throws IOException {
        this(0);
    }

    VerbatimOrigin(int port) throws IOException {
        bare = new BareOrigin(port, this::serve);
    }

    int port() {
        return bare.port();
    }

    VerbatimOrigin saying(String bytes) {
        answer = bytes;
        return this;
    }

    /// Each request with its body, chunks as they were framed.
    List<String> requests() {
        return requests;
    }

    private void serve(Socket socket) throws IOException {
        var in = socket.getInputStream();
        for (var head = BareOrigin.head(in); !head.isEmpty(); head = BareOrigin.head(in)) {
            var lower = head.toLowerCase(Locale.ROOT);
            int length = lower.indexOf("\r\ncontent-length: ");
            var body = "";
            if (lower.contains("\r\ntransfer-encoding: chunked\r\n")) {
                body = BareOrigin.until("0\r\n\r\n", in);
            } else if (length >= 0) {
                var digits = lower.substring(length + 18, lower.indexOf('\r', length + 18));
                body = new String(in.readNBytes(Integer.parseInt(digits)), StandardCharsets.ISO_8859_1);
            }
            requests.add(head + body);
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    @Override
    public void close() throws IOException {
        bare.close();
    }
}
