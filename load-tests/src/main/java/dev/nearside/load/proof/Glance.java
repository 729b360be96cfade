package dev.nearside.load.proof;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Somebody on one lasting connection to an edge who only wants to know which version it serves.
final class Glance implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;

    Glance(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /// @param isHit whether it came from what is stored
    record Seen(int version, boolean isHit) {}

    Seen look(String path) throws IOException {
        socket.getOutputStream()
                .write("GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                        .formatted(path)
                        .getBytes(StandardCharsets.US_ASCII));
        var status = Wire.line(in);
        var fields = Wire.fields(in);
        var body = new String(
                in.readNBytes(Integer.parseInt(fields.getOrDefault("content-length", "0"))), StandardCharsets.US_ASCII);
        var words = body.split(" ", -1);
        if (!status.startsWith("HTTP/1.1 200") || words.length < 4 || !words[3].equals(path)) {
            throw new IOException("%s: %s %s".formatted(path, status, body));
        }
        return new Seen(
                Integer.parseInt(words[1]), fields.getOrDefault("x-cache", "").startsWith("Hit"));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
