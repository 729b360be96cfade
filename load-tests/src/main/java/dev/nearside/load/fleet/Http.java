package dev.nearside.load.fleet;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One connection to the control plane, kept for all that is said over it.
final class Http implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    Http(int port) throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new BufferedInputStream(socket.getInputStream(), 2048);
    }

    /// @param headers each with its line end
    void send(String method, String path, String bearer, String headers, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head = method + ' ' + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + (bearer.isEmpty() ? "" : "Authorization: Bearer " + bearer + "\r\n")
                + (bytes.length == 0 ? "" : "Content-Type: application/json\r\n")
                + (method.equals("GET") ? "" : "Content-Length: " + bytes.length + "\r\n") + headers + "\r\n";
        var all = new byte[head.length() + bytes.length];
        System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, all, 0, head.length());
        System.arraycopy(bytes, 0, all, head.length(), bytes.length);
        socket.getOutputStream().write(all);
    }

    record Answer(int status, String body) {}

    /// Sends a request and reads its whole answer.
    Answer ask(String method, String path, String bearer, String body) throws IOException {
        send(method, path, bearer, "", body);
        int length = 0;
        boolean isChunked = false;
        int status = status();
        for (var header = line(in).strip(); !header.isEmpty(); header = line(in).strip()) {
            var lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:"))
                length = Integer.parseInt(header.substring(15).strip());
            if (lower.equals("transfer-encoding: chunked")) isChunked = true;
        }
        if (!isChunked) return new Answer(status, new String(in.readNBytes(length), StandardCharsets.UTF_8));
        var text = new StringBuilder();
        while (true) {
            int size = Integer.parseInt(line(in).strip(), 16);
            text.append(new String(in.readNBytes(size), StandardCharsets.UTF_8));
            in.skipNBytes(2);
            if (size == 0) return new Answer(status, text.toString());
        }
    }

    /// Opens the feed; its head has been read when this returns.
    Events follow(String bearer, String lastEventId) throws IOException {
        var resume = lastEventId.isEmpty() ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
        send("GET", "/edge/v1/feed", bearer, "Accept: text/event-stream\r\nAccept-Encoding: gzip\r\n" + resume, "");
        int status = status();
        if (status != 200) throw new IOException("the feed answered " + status);
        var header = line(in).strip();
        while (!header.isEmpty()) header = line(in).strip();
        return new Events(in);
    }

    private int status() throws IOException {
        return Integer.parseInt(line(in).split(" ", 3)[1]);
    }

    static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) throw new EOFException("the connection was closed");
            line.append((char) next);
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
