package dev.nearside.control.http;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;

/// Writes events as they stand or, if the reader takes it, as one gzip stream (RFC 1952) that is whole up to the last
/// event at any time. Tells since when a write has been waiting for its reader.
final class EventWriter implements EventSink {
    private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    /// An empty last block.
    private static final byte[] GZIP_END = {3, 0};

    private static final byte[] HEARTBEAT = ":here\n\n".getBytes(StandardCharsets.UTF_8);

    private final OutputStream out;
    private final boolean compressed;
    private final Thread thread = Thread.currentThread();
    private final CRC32 checksum = new CRC32();
    private long length;
    /// By `System.nanoTime`; 0 while nothing is being written.
    private volatile long writingSince;

    EventWriter(OutputStream out, boolean compressed) {
        this.out = out;
        this.compressed = compressed;
    }

    /// Lets the reader see that the stream has begun.
    void begin() {
        write(() -> {
            if (compressed) out.write(GZIP_HEAD);
        });
    }

    @Override
    public void emit(Event event, Optional<String> id) {
        var end = (id.map(said -> "id: " + said).orElse("") + (id.isPresent() ? "\n\n" : "\n"))
                .getBytes(StandardCharsets.UTF_8);
        write(() -> {
            write(event.plain(), compressed ? event.deflated() : event.plain());
            write(end, compressed ? Event.stored(end) : end);
        });
    }

    @Override
    public void heartbeat() {
        write(() -> write(HEARTBEAT, Event.stored(HEARTBEAT)));
    }

    private void write(byte[] plain, byte[] deflated) throws IOException {
        if (compressed) {
            checksum.update(plain);
            length += plain.length;
        }
        out.write(compressed ? deflated : plain);
    }

    /// The stream ends in good order.
    void end() {
        write(() -> {
            if (!compressed) return;
            out.write(GZIP_END);
            writeInt(checksum.getValue());
            writeInt(length);
        });
        orGone(out::close);
    }

    /// Little end first.
    private void writeInt(long value) throws IOException {
        for (int shift = 0; shift < 32; shift += 8) out.write((int) (value >>> shift) & 0xff);
    }

    private interface Writing {
        void run() throws IOException;
    }

    private void write(Writing writing) {
        writingSince = System.nanoTime() | 1;
        try {
            orGone(writing);
            orGone(out::flush);
        } finally {
            writingSince = 0;
        }
    }

    /// The web server has many ways to say that the reader is gone.
    private static void orGone(Writing writing) {
        try {
            writing.run();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        } catch (RuntimeException gone) {
            throw new UncheckedIOException(new IOException(gone));
        }
    }

    /// Ends the stream if its reader has taken nothing for so long: interrupting a virtual thread that writes to a
    /// socket closes that socket.
    void giveUpIfStuck(long patienceNanos, long nanoTime) {
        long since = writingSince;
        if (since != 0 && nanoTime - since > patienceNanos) thread.interrupt();
    }
}
