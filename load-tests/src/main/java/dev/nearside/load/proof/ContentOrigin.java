package dev.nearside.load.proof;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// An origin that has everything: what it sends follows from the path and its version. It knows GET, HEAD, one range
/// and `If-None-Match`.
final class ContentOrigin implements AutoCloseable {

    private static final int PIECE = 1 << 16;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    /// What lies here is fresh for a second only.
    static final String SHORT = "/short/";

    private final ServerSocket door = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Versions versions;

    ContentOrigin(Versions versions) throws IOException {
        this.versions = versions;
        Thread.startVirtualThread(this::listen);
    }

    int port() {
        return door.getLocalPort();
    }

    long requests() {
        return requests.get();
    }

    /// Of bodies.
    long bytes() {
        return bytes.get();
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
            var out = new BufferedOutputStream(socket.getOutputStream(), PIECE);
            for (var line = Wire.line(in); !line.isEmpty(); line = Wire.line(in)) {
                var words = line.split(" ", -1);
                answer(words[0], Thing.at(words[1]), Wire.fields(in), out);
                out.flush();
            }
        } catch (IOException | RuntimeException _) {
            // the edge hung up
        } finally {
            open.remove(socket);
        }
    }

    private void answer(String method, Thing thing, Map<String, String> fields, OutputStream out) throws IOException {
        requests.incrementAndGet();
        long version = versions.current(thing);
        var tag = "\"v" + version + "\"";
        var head = new HashMap<String, String>();
        head.put("ETag", tag);
        head.put("Cache-Control", thing.path().startsWith(SHORT) ? "max-age=1" : "max-age=86400");
        head.put("X-Tags", thing.tag());
        head.put("Content-Type", "application/octet-stream");
        if (tag.equals(fields.get("if-none-match"))) {
            head(out, "304 Not Modified", head);
            return;
        }
        var range = RANGE.matcher(fields.getOrDefault("range", ""));
        boolean isPart = range.matches() && fields.getOrDefault("if-range", tag).equals(tag);
        long from = isPart ? Long.parseLong(range.group(1)) : 0;
        long to = isPart && !range.group(2).isEmpty()
                ? Math.min(thing.size(), Long.parseLong(range.group(2)) + 1)
                : thing.size();
        if (isPart && from >= thing.size()) {
            head.put("Content-Range", "bytes */" + thing.size());
            head.put("Content-Length", "0");
            head(out, "416 Range Not Satisfiable", head);
            return;
        }
        boolean isChunked = thing.isChunked() && !isPart;
        if (isPart) head.put("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, thing.size()));
        if (isChunked) head.put("Transfer-Encoding", "chunked");
        else head.put("Content-Length", Long.toString(to - from));
        head(out, isPart ? "206 Partial Content" : "200 OK", head);
        if (!method.equals("HEAD")) body(out, Content.of(thing.path(), version), from, to, isChunked);
    }

    private static void head(OutputStream out, String status, Map<String, String> fields) throws IOException {
        var text = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
        fields.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        out.write(text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    }

    private void body(OutputStream out, Content content, long from, long to, boolean isChunked) throws IOException {
        var piece = new byte[(int) Math.min(PIECE, Math.max(1, to - from))];
        for (long at = from; at < to; ) {
            int size = (int) Math.min(piece.length, to - at);
            content.write(at, piece, size);
            if (isChunked) {
                out.write("%x\r\n".formatted(size).toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
            }
            out.write(piece, 0, size);
            if (isChunked) out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            at += size;
            bytes.addAndGet(size);
        }
        if (isChunked) out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (var socket : open) socket.close();
    }
}
