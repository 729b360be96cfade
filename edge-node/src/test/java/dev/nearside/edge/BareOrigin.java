package dev.nearside.edge;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// An origin's way to its connections, below HTTP: each is served on a thread of its own, and closed after.
final class BareOrigin implements AutoCloseable {

    @FunctionalInterface
    interface Serving {
        void serve(Socket socket) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final Serving serving;

    BareOrigin(Serving serving) throws IOException {
        this(0, serving);
    }

    BareOrigin(int port, Serving serving) throws IOException {
        this.serving = serving;
        server = new ServerSocket(port, 500, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
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
            serving.serve(socket);
        } catch (IOException _) {
            // ended, politely or not
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// The head of a request with its empty line; empty if there is none any more.
    static String head(InputStream in) throws IOException {
        return until("\r\n\r\n", in);
    }

    /// What comes up to these bytes, and they themselves; empty if they do not come.
    static String until(String end, InputStream in) throws IOException {
        var read = new StringBuilder();
        while (read.indexOf(end, Math.max(0, read.length() - end.length())) < 0) {
            int next = in.read();
            if (next < 0) return "";
            read.append((char) next);
        }
        return read.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
