package dev.nearside.edge.store;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Sliced;
import dev.nearside.edge.http.Stored;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.StrongValidator;
import dev.nearside.edge.http.Tags;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.key.CacheKey.Target;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The bytes of a stored head, with what an invalidation is compared with, so that whoever goes over all that is stored
/// needs no request for it: what is read is what was written.
final class HeadCodec {

    private static final int RESPONSE = 7;
    private static final int VARIANTS = 8;
    private static final int SLICED = 9;

    private static final Instant UNMARKED = Instant.MIN;

    /// What was written.
    record Written(Target target, Stored head) {}

    private HeadCodec() {}

    static byte[] write(Target target, Stored head) {
        var bytes = new ByteArrayOutputStream(512);
        try (var out = new DataOutputStream(bytes)) {
            switch (head) {
                case StoredResponse response -> {
                    out.writeByte(RESPONSE);
                    write(out, target);
                    write(out, response.position());
                    write(out, response);
                }
                case Sliced(var response, var version) -> {
                    out.writeByte(SLICED);
                    write(out, target);
                    write(out, response.position());
                    write(out, response);
                    write(out, version.validator().text());
                    out.writeLong(version.total());
                }
                case Variants(var on, var position) -> {
                    out.writeByte(VARIANTS);
                    write(out, target);
                    write(out, position);
                    write(out, on);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes all bytes", e);
        }
        return bytes.toByteArray();
    }

    static Written read(byte[] bytes) throws IOException {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int kind = in.readByte();
            var target = readTarget(in);
            // Few epochs, and many objects of each.
            var position = new LogPosition(readText(in).intern(), in.readLong(), in.readLong());
            Stored head = switch (kind) {
                case RESPONSE -> readResponse(in, position);
                case SLICED -> {
                    var whole = readResponse(in, position);
                    var validator = new StrongValidator(readText(in));
                    yield new Sliced(whole, new Sliced.Version(validator, in.readLong()));
                }
                case VARIANTS -> new Variants(readTexts(in), position);
                default -> throw new IOException("kind of head: " + kind);
            };
            return new Written(target, head);
        } catch (IllegalArgumentException | DateTimeException e) {
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
        write(out, response.tags().names());
        write(out, response.staleSince().orElse(UNMARKED));
    }

    private static StoredResponse readResponse(DataInputStream in, LogPosition position) throws IOException {
        int status = in.readInt();
        var requestedAt = readTime(in);
        var receivedAt = readTime(in);
        int count = in.readInt();
        var fields = new ArrayList<Headers.Field>();
        for (int i = 0; i < count; i++) fields.add(new Headers.Field(readText(in), readText(in)));
        var names = readTexts(in);
        var tags = names.isEmpty() ? Tags.NONE : new Tags(names);
        var staleSince = Optional.of(readTime(in)).filter(moment -> !moment.equals(UNMARKED));
        return new StoredResponse(status, new Headers(fields), requestedAt, receivedAt, position, tags, staleSince);
    }

    private static void write(DataOutputStream out, LogPosition position) throws IOException {
        write(out, position.epoch());
        out.writeLong(position.number());
        out.writeLong(position.changes());
    }

    private static void write(DataOutputStream out, Target target) throws IOException {
        write(out, target.distribution());
        write(out, target.raw());
        boolean isNormal = target.normal().equals(target.raw());
        out.writeBoolean(isNormal);
        if (!isNormal) write(out, target.normal());
    }

    private static Target readTarget(DataInputStream in) throws IOException {
        var distribution = readText(in);
        var raw = readText(in);
        return new Target(distribution, raw, in.readBoolean() ? raw : readText(in));
    }

    private static void write(DataOutputStream out, List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (var text : texts) write(out, text);
    }

    private static List<String> readTexts(DataInputStream in) throws IOException {
        int count = in.readInt();
        var texts = new ArrayList<String>();
        for (int i = 0; i < count; i++) texts.add(readText(in));
        return texts;
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
