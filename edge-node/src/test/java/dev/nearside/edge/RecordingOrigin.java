package dev.nearside.edge;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// An origin that reads its connections byte by byte, as strictly as can be, and remembers every request and every
/// breach: what it saw is what reached it, and nothing else did.
final class RecordingOrigin implements AutoCloseable {

    /// One request that was framed without any doubt.
    ///
    /// @param lines the request line and the fields
    record Seen(List<String> lines, String body) {
        String target() {
            return lines.getFirst().split(" ", 3)[1];
        }

        String method() {
            return lines.getFirst().split(" ", 3)[0];
        }

        Optional<String> field(String name) {
            return lines.stream()
                    .skip(1)
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }
    }

    private final BareOrigin bare;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final List<String> breaches = new CopyOnWriteArrayList<>();
    private final AtomicInteger began = new AtomicInteger();
    private final AtomicInteger brokenOff = new AtomicInteger();
    private final CountDownLatch release = new CountDownLatch(1);
    private volatile Function<Seen, String> answer =
            asked -> "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: "
                    + asked.target().length() + "\r\n\r\n" + asked.target();

    RecordingOrigin() throws IOException {
        bare = new BareOrigin(this::serve);
    }

    int port() {
        return bare.port();
    }

    /// Says this, a whole message, to every request.
    RecordingOrigin saying(Function<Seen, String> say) {
        answer = say;
        return this;
    }

    List<Seen> seen() {
        return seen;
    }

    /// What came that was no request.
    List<String> breaches() {
        return breaches;
    }

    /// How many requests began to arrive.
    int began() {
        return began.get();
    }

    /// How many requests were taken back in the middle.
    int brokenOff() {
        return brokenOff.get();
    }

    void forget() {
        began.set(0);
        brokenOff.set(0);
        seen.clear();
        breaches.clear();
    }

    /// Lets those go on who asked for a path that begins with `/held`.
    void release() {
        release.countDown();
    }

    private void serve(Socket socket) throws InterruptedException {
        try {
            var in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                in.mark(1);
                if (in.read() < 0) return;
                in.reset();
                began.incrementAndGet();
                var request = read(in);
                seen.add(request);
                if (request.target().startsWith("/held")) release.await();
                socket.getOutputStream().write(answer.apply(request).getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (EOFException _) {
            brokenOff.incrementAndGet();
        } catch (IOException breach) {
            breaches.add(breach.getMessage());
        }
    }

    private static Seen read(InputStream in) throws IOException {
        var lines = new java.util.ArrayList<String>();
        for (var line = line(in); !line.isEmpty(); line = line(in)) lines.add(line);
        if (lines.isEmpty() || !lines.getFirst().matches("[A-Z]+ /[^ ]* HTTP/1\\.1")) throw breach(lines);
        for (var line : lines.subList(1, lines.size())) {
            if (!line.matches("[-!#$%&'*+.^_`|~0-9A-Za-z]+:.*")) throw breach(lines);
        }
        var request = new Seen(lines, "");
        var length = request.field("Content-Length");
        var coding = request.field("Transfer-Encoding");
        if (length.isPresent() && coding.isPresent()) throw breach(lines);
        if (length.isPresent()) {
            if (!length.get().matches("[0-9]{1,9}")) throw breach(lines);
            return new Seen(lines, text(in, Integer.parseInt(length.get())));
        }
        if (coding.isEmpty()) return request;
        if (!coding.get().equals("chunked")) throw breach(lines);
        var body = new StringBuilder();
        while (true) {
            var size = line(in);
            if (!size.matches("[0-9A-Fa-f]{1,7}")) throw breach(lines);
            int bytes = Integer.parseInt(size, 16);
            if (bytes > 0) body.append(text(in, bytes));
            if (!line(in).isEmpty()) throw breach(lines);
            if (bytes == 0) return new Seen(lines, body.toString());
        }
    }

    private static IOException breach(List<String> lines) {
        return new IOException("not a request: " + lines);
    }

    private static String text(InputStream in, int bytes) throws IOException {
        var all = in.readNBytes(bytes);
        if (all.length < bytes) throw new EOFException();
        return new String(all, StandardCharsets.ISO_8859_1);
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        while (true) {
            int next = in.read();
            if (next < 0) throw new EOFException();
            if (next == '\r') {
                if (in.read() != '\n') throw new IOException("a lone CR");
                return line.toString(StandardCharsets.ISO_8859_1);
            }
            if ((next < ' ' && next != '\t') || next == 127) throw new IOException("control byte " + next);
            line.write(next);
        }
    }

    @Override
    public void close() throws IOException {
        release();
        bare.close();
    }
}
