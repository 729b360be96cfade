package dev.nearside.load.proof;

import dev.nearside.load.proof.Findings.Kind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One viewer on one connection, which is opened again when it has ended: asks, and checks every byte of the answer.
final class Viewer implements AutoCloseable {

    private static final int PIECE = 1 << 16;
    private static final int PATIENCE_MILLIS = 60_000;
    private static final Pattern TAG = Pattern.compile("\"v(\\d+)\"");
    private static final Pattern PART = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+)");

    private final int port;
    private final Versions versions;
    private final Findings findings;
    private final byte[] piece = new byte[PIECE];
    private @Nullable Socket socket;
    private InputStream in = InputStream.nullInputStream();

    Viewer(int port, Versions versions, Findings findings) {
        this.port = port;
        this.versions = versions;
        this.findings = findings;
    }

    /// An answer was broken off, and what it was about has changed since it began.
    static final class ChangedException extends IOException {
        private static final long serialVersionUID = 1L;

        ChangedException(String message) {
            super(message);
        }
    }

    /// How it asks.
    ///
    /// @param from of a range; negative for the whole
    /// @param to behind the range
    /// @param ifNoneMatch a version that the viewer has; 0 if none
    /// @param leaveAfter bytes after which the viewer goes away
    /// @param pause after each piece of 64 KiB
    record Question(String method, Thing thing, long from, long to, long ifNoneMatch, long leaveAfter, Duration pause) {

        static Question get(Thing thing) {
            return new Question("GET", thing, -1, -1, 0, Long.MAX_VALUE, Duration.ZERO);
        }

        static Question head(Thing thing) {
            return new Question("HEAD", thing, -1, -1, 0, Long.MAX_VALUE, Duration.ZERO);
        }

        Question range(long from, long to) {
            return new Question(method, thing, from, to, ifNoneMatch, leaveAfter, pause);
        }

        Question unless(long version) {
            return new Question(method, thing, from, to, version, leaveAfter, pause);
        }

        Question leavingAfter(long bytes) {
            return new Question(method, thing, from, to, ifNoneMatch, bytes, pause);
        }

        Question pausing(Duration pause) {
            return new Question(method, thing, from, to, ifNoneMatch, leaveAfter, pause);
        }
    }

    /// What came.
    ///
    /// @param bytes of body, all of them checked
    /// @param cache the field `X-Cache`
    record Answer(int status, long version, long bytes, String cache) {

        /// From what is stored.
        boolean isHit() {
            return cache.startsWith("Hit");
        }
    }

    /// Asks and checks. Whatever is wrong is a finding; a connection that breaks is an exception.
    Answer ask(Question question) throws IOException {
        long oldest = versions.oldest(question.thing());
        var connection = connection();
        try {
            connection.getOutputStream().write(head(question).getBytes(StandardCharsets.US_ASCII));
            var status = Wire.line(in);
            if (!status.startsWith("HTTP/1.1 ")) throw new IOException("no answer: " + status);
            return check(question, oldest, Integer.parseInt(status.substring(9, 12)), Wire.fields(in));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private Socket connection() throws IOException {
        var known = socket;
        if (known != null) return known;
        var opened = new Socket(InetAddress.getLoopbackAddress(), port);
        opened.setTcpNoDelay(true);
        opened.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(opened.getInputStream(), PIECE);
        socket = opened;
        return opened;
    }

    private static String head(Question question) {
        var fields = new HashMap<String, String>();
        fields.put("Host", "127.0.0.1");
        if (question.from() >= 0) fields.put("Range", "bytes=%d-%d".formatted(question.from(), question.to() - 1));
        if (question.ifNoneMatch() > 0) fields.put("If-None-Match", "\"v" + question.ifNoneMatch() + "\"");
        var text = new StringBuilder("%s %s HTTP/1.1\r\n"
                .formatted(question.method(), question.thing().path()));
        fields.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").toString();
    }

    private Answer check(Question question, long oldest, int status, Map<String, String> fields) throws IOException {
        var thing = question.thing();
        var tag = TAG.matcher(fields.getOrDefault("etag", ""));
        long version = tag.matches() ? Long.parseLong(tag.group(1)) : 0;
        var cache = fields.getOrDefault("x-cache", "");
        if (!isExpected(question, status) || version == 0 && status != 416) {
            findings.add(Kind.WRONG_HEAD, "%s: %d %s".formatted(question, status, fields));
        } else if (status != 416 && version < oldest || version > versions.current(thing)) {
            findings.add(Kind.OLD_VERSION, "%s: %d of %d (%s)".formatted(thing.path(), version, oldest, fields));
        }
        if (status == 304) return new Answer(status, version, 0, cache);
        long from = 0;
        long to = thing.size();
        if (status == 206) {
            var part = PART.matcher(fields.getOrDefault("content-range", ""));
            if (!part.matches()
                    || Long.parseLong(part.group(3)) != thing.size()
                    || Long.parseLong(part.group(1)) != question.from()) {
                findings.add(Kind.WRONG_HEAD, "%s: %s".formatted(question, fields));
            } else {
                from = question.from();
                to = Math.min(question.to(), thing.size());
            }
        } else if (status != 200) {
            to = -1;
        }
        var length = fields.get("content-length");
        if (to >= 0 && length != null && Long.parseLong(length) != to - from) {
            findings.add(Kind.WRONG_HEAD, "%s: %s".formatted(question, fields));
        }
        long bytes = question.method().equals("HEAD") ? 0 : body(question, version, from, to, length);
        return new Answer(status, version, bytes, cache);
    }

    private static boolean isExpected(Question question, int status) {
        if (status == 304) return question.ifNoneMatch() > 0;
        if (question.from() < 0) return status == 200;
        // Of what is just arriving, and of nobody knows what length, a part cannot be told (RFC 9110, section 14.2).
        if (status == 200) return question.thing().isChunked();
        return question.thing().size() <= question.from() ? status == 416 : status == 206;
    }

    /// @param to where the body ends; negative if nobody can tell what it is
    private long body(Question question, long version, long from, long to, @Nullable String length) throws IOException {
        var content = Content.of(question.thing().path(), version);
        long at = from;
        long left = length == null ? chunk() : Long.parseLong(length);
        while (left > 0) {
            int read = in.read(piece, 0, (int) Math.min(piece.length, left));
            if (read < 0) {
                var what = "%s ended at %d".formatted(question.thing().path(), at);
                // Slices of two versions are not put together: such an answer must not look whole.
                throw versions.current(question.thing()) == version
                        ? new IOException(what)
                        : new ChangedException(what);
            }
            if (to >= 0 && (at + read > to || !content.matches(at, piece, read))) {
                findings.add(
                        Kind.WRONG_BYTES,
                        "%s, between %d and %d".formatted(question.thing().path(), at, at + read));
                to = -1;
            }
            at += read;
            left -= read;
            if (at - from >= question.leaveAfter()) {
                close();
                return at - from;
            }
            if (!question.pause().isZero())
                LockSupport.parkNanos(question.pause().toNanos());
            if (left == 0 && length == null) {
                Wire.line(in);
                left = chunk();
            }
        }
        if (length == null) Wire.line(in);
        if (to >= 0 && at != to) {
            findings.add(
                    Kind.WRONG_BYTES,
                    "%s has %d bytes of %d".formatted(question.thing().path(), at - from, to - from));
        }
        return at - from;
    }

    private long chunk() throws IOException {
        var size = Wire.line(in);
        if (size.isEmpty()) throw new IOException("ended between chunks");
        return Long.parseLong(size, 16);
    }

    @Override
    public void close() {
        var opened = socket;
        socket = null;
        if (opened == null) return;
        try {
            opened.close();
        } catch (IOException _) {
            // it was broken
        }
    }
}
