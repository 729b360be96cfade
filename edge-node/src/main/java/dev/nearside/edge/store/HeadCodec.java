package dev.nearside.edge.store;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Sliced;
import dev.nearside.edge.http.Stored;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.StrongValidator;
import dev.nearside.edge.http.Variants;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;

/// The bytes of a stored head: what is read is what was written.
final class HeadCodec {

    private static final int RESPONSE = 4;
    private static final int VARIANTS = 5;
    private static final int SLICED = 6;

    private HeadCodec() {}

    static byte[] write(Stored head) {
        var bytes = new ByteArrayOutputStream(512);
        try (var out = new DataOutputStream(bytes)) {
            switch (head) {
                case StoredResponse response -> {
                    out.writeByte(RESPONSE);
                    write(out, response.position());
                    write(out, response);
                }
                case Sliced(var response, var version) -> {
                    out.writeByte(SLICED);
                    write(out, response.position());
                    write(out, response);
                    write(out, version.validator().text());
                    out.writeLong(version.total());
                }
                case Variants(var on, var position) -> {
                    out.writeByte(VARIANTS);
                    write(out, position);
                    out.writeInt(on.size());
                    for (var name : on) write(out, name);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes all bytes", e);
        }
        return bytes.toByteArray();
    }

    static Stored read(byte[] bytes) throws IOException {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int kind = in.readByte();
            var position = new LogPosition(readText(in), in.readLong(), in.readLong());
            return switch (kind) {
                case RESPONSE -> readResponse(in, position);
                case SLICED -> {
                    var head = readResponse(in, position);
                    var validator = new StrongValidator(readText(in));
                    yield new Sliced(head, new Sliced.Version(validator, in.readLong()));
                }
                case VARIANTS -> {
                    int count = in.readInt();
                    var on = new ArrayList<String>();
                    for (int i = 0; i < count; i++) on.add(readText(in));
                    yield new Variants(on, position);
                }
                default -> throw new IOException("kind of head: " + kind);
            };
        } catch (IllegalArgumentException e) {
            throw new IOException("a head that cannot be", e);
        }
    }

    private static void write(DataOutputStream out, StoredResponse response) throws IOException {
        out.writeInt(response.status());
        write(out, response.requestedAt());
        write(out, response.receivedAt());
        var fields = response.headers().fields();
        out.writeInt(fields.size());
        for (var field : fields) {
            write(out, field.name());
            write(out, field.value());
        }
    }

    private static StoredResponse readResponse(DataInputStream in, LogPosition position) throws IOException {
        int status = in.readInt();
        var requestedAt = readTime(in);
        var receivedAt = readTime(in);
        int count = in.readInt();
        var fields = new ArrayList<Headers.Field>();
        for (int i = 0; i < count; i++) fields.add(new Headers.Field(readText(in), readText(in)));
        return new StoredResponse(status, new Headers(fields), requestedAt, receivedAt, position);
    }

    private static void write(DataOutputStream out, LogPosition position) throws IOException {
        write(out, position.epoch());
        out.writeLong(position.number());
        out.writeLong(position.changes());
    }

    private static void write(DataOutputStream out, Instant time) throws IOException {
        out.writeLong(time.getEpochSecond());
        out.writeInt(time.getNano());
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static Instant readTime(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) throw new IOException("length of text: " + length);
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
