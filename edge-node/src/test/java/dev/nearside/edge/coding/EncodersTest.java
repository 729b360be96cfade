package dev.nearside.edge.coding;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import dev.nearside.edge.store.BodyReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodersTest {

    private final Vertx vertx = Vertx.vertx();
    private final Encoders encoders = new Encoders(2);

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @ParameterizedTest
    @CsvSource({
        "BROTLI, 1000, 1000", "BROTLI, 70000, 1", "BROTLI, 3000000, 65536", "BROTLI, 3000000, 3000000",
        "GZIP, 1000, 1000", "GZIP, 70000, 1", "GZIP, 3000000, 65536", "GZIP, 3000000, 3000000"
    })
    void whatIsEncodedIsReadBackUnchanged(Coding coding, int length, int pieces) throws IOException {
        var bytes = text(length);
        var body = new Pieces(bytes, pieces);

        var coded = read(body, coding, length);

        assertThat(coded).hasSizeLessThan(length / 2);
        assertThat(Arrays.equals(decoded(coding, coded), bytes)).isTrue();
        assertThat(encoders.open()).isZero();
        assertThat(body.handedOut)
                .allSatisfy(piece -> assertThat(piece.refCnt()).isZero());
    }

    @ParameterizedTest
    @CsvSource({"BROTLI", "GZIP"})
    void whatCannotBeCompressedIsReadBackAsWell(Coding coding) throws IOException {
        var bytes = noise(300_000);

        assertThat(Arrays.equals(decoded(coding, read(new Pieces(bytes, 20_000), coding, bytes.length)), bytes))
                .isTrue();
    }

    @Test
    void aBodyThatBreaksOffBreaksOff() {
        var body = new Pieces(text(100_000), 10_000);
        body.breaksAfter = 5;

        assertThat(onLoop(() -> readAll(open(body, Coding.BROTLI, 100_000)))
                        .transform(read -> Future.succeededFuture(read.failed()))
                        .await())
                .isTrue();
        assertThat(encoders.open()).isZero();
        assertThat(body.closed).isTrue();
    }

    @Test
    void whoLeavesGivesTheEncoderBack() {
        var body = new Pieces(noise(1_000_000), 50_000);

        onLoop(() -> {
                    var reader = open(body, Coding.BROTLI, 1_000_000);
                    return reader.next().map(bytes -> {
                        bytes.release();
                        reader.close();
                        reader.close();
                        return true;
                    });
                })
                .await();

        assertThat(encoders.open()).isZero();
        assertThat(body.closed).isTrue();
        assertThat(body.handedOut).as("read no further than a window").hasSizeLessThan(12);
        assertThat(body.handedOut)
                .allSatisfy(piece -> assertThat(piece.refCnt()).isZero());
    }

    @Test
    void whoLeavesWhileTheOriginIsSilentGivesTheEncoderBack() {
        var silent = new Silent();

        var read = onLoop(() -> {
            var reader = open(silent, Coding.GZIP, 100_000);
            var next = reader.next();
            reader.close();
            return next.transform(outcome -> Future.succeededFuture(outcome.failed()));
        });

        assertThat(read.await()).isTrue();
        assertThat(encoders.open()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"BROTLI", "GZIP"})
    void whatHasArrivedIsHandedOnWhileTheOriginIsSilent(Coding coding) throws IOException {
        var silent = new Silent();
        silent.first.add(Unpooled.copiedBuffer(text(3_000)));

        var begun = onLoop(() -> {
                    var reader = open(silent, coding, 100_000);
                    return reader.next().map(bytes -> {
                        var some = new byte[bytes.readableBytes()];
                        bytes.readBytes(some).release();
                        reader.close();
                        return some;
                    });
                })
                .await();

        assertThat(readable(coding, begun)).isEqualTo(text(3_000));
        assertThat(encoders.open()).isZero();
    }

    @Test
    void oneMoreThanThereIsMemoryForIsNotEncoded() {
        var opened = onLoop(() -> Future.succeededFuture(List.of(tried(), tried(), tried())))
                .await();

        assertThat(opened.stream().map(Optional::isPresent)).containsExactly(true, true, false);
        onLoop(() -> {
                    opened.forEach(one -> one.ifPresent(BodyReader::close));
                    return Future.succeededFuture();
                })
                .await();
        assertThat(encoders.open()).isZero();
    }

    @Test
    void othersGetTheirTurnWhileALargeBodyIsEncoded() {
        var turns = new int[1];
        var coded = onLoop(() -> {
                    var context = vertx.getOrCreateContext();
                    var done = new boolean[1];
                    count(context, turns, () -> done[0]);
                    return readAll(open(new Pieces(text(3_000_000), 3_000_000), Coding.BROTLI, 3_000_000))
                            .onComplete(_ -> done[0] = true);
                })
                .await();

        assertThat(coded.length).isPositive();
        assertThat(turns[0]).isGreaterThanOrEqualTo(3_000_000 / 32_768 - 1);
    }

    private static void count(Context context, int[] turns, BooleanSupplier done) {
        context.runOnContext(_ -> {
            turns[0]++;
            if (!done.getAsBoolean()) count(context, turns, done);
        });
    }

    private Optional<BodyReader> tried() {
        return encoders.encode(new Pieces(text(1_000), 1_000), Coding.BROTLI, 1_000);
    }

    private BodyReader open(BodyReader body, Coding coding, long length) {
        return encoders.encode(body, coding, length).orElseThrow();
    }

    private byte[] read(BodyReader body, Coding coding, long length) {
        return onLoop(() -> readAll(open(body, coding, length))).await();
    }

    /// An event loop's work, seen from outside.
    private <T> Future<T> onLoop(Supplier<Future<T>> work) {
        var promise = Promise.<T>promise();
        vertx.getOrCreateContext().runOnContext(_ -> work.get().onComplete(promise));
        return promise.future();
    }

    private static Future<byte[]> readAll(BodyReader reader) {
        var all = new ByteArrayOutputStream();
        var done = Promise.<byte[]>promise();
        readOn(reader, all, done);
        return done.future();
    }

    private static void readOn(BodyReader reader, ByteArrayOutputStream all, Promise<byte[]> done) {
        reader.next().onFailure(done::fail).onSuccess(bytes -> {
            var some = new byte[bytes.readableBytes()];
            bytes.readBytes(some).release();
            all.writeBytes(some);
            if (some.length == 0) done.complete(all.toByteArray());
            else readOn(reader, all, done);
        });
    }

    private static byte[] decoded(Coding coding, byte[] coded) throws IOException {
        var in = new ByteArrayInputStream(coded);
        try (var plain = switch (coding) {
            case BROTLI -> new BrotliInputStream(in);
            case GZIP -> new GZIPInputStream(in);
        }) {
            return plain.readAllBytes();
        }
    }

    /// What can be read of the beginning of a coded body.
    private static byte[] readable(Coding coding, byte[] begun) throws IOException {
        return switch (coding) {
            case GZIP -> {
                try (var plain = new GZIPInputStream(new ByteArrayInputStream(begun))) {
                    yield plain.readNBytes(3_000);
                }
            }
            case BROTLI -> {
                var decoder = new DecoderJNI.Wrapper(begun.length);
                decoder.getInputBuffer().put(begun);
                decoder.push(begun.length);
                var plain = new ByteArrayOutputStream();
                while (decoder.hasOutput()) {
                    var some = decoder.pull();
                    var bytes = new byte[some.remaining()];
                    some.get(bytes);
                    plain.writeBytes(bytes);
                }
                decoder.destroy();
                yield plain.toByteArray();
            }
        };
    }

    private static byte[] noise(int length) {
        var bytes = new byte[length];
        new Random(3).nextBytes(bytes);
        return bytes;
    }

    private static byte[] text(int length) {
        var bytes = new byte[length];
        var random = new Random(5);
        var words = "the edge keeps what it has seen and asks the origin for what is left ".split(" ", -1);
        for (int at = 0; at < length; ) {
            for (char c : (words[random.nextInt(words.length)] + " ").toCharArray()) {
                if (at < length) bytes[at++] = (byte) c;
            }
        }
        return bytes;
    }

    /// A body in pieces that are all there.
    private static final class Pieces implements BodyReader {
        private final Queue<ByteBuf> left = new ArrayDeque<>();
        private final List<ByteBuf> handedOut = new ArrayList<>();
        private int breaksAfter = Integer.MAX_VALUE;
        private boolean closed;

        Pieces(byte[] bytes, int size) {
            for (int at = 0; at < bytes.length; at += size) {
                left.add(Unpooled.copiedBuffer(bytes, at, Math.min(size, bytes.length - at)));
            }
        }

        @Override
        public Future<ByteBuf> next() {
            if (handedOut.size() >= breaksAfter) return Future.failedFuture(new IOException("broken"));
            var piece = left.poll();
            if (piece == null) return Future.succeededFuture(Unpooled.EMPTY_BUFFER);
            handedOut.add(piece);
            return Future.succeededFuture(piece);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /// A body of which nothing more comes before it is closed.
    private static final class Silent implements BodyReader {
        private final Queue<ByteBuf> first = new ArrayDeque<>();
        private final Promise<ByteBuf> never = Promise.promise();

        @Override
        public Future<ByteBuf> next() {
            var piece = first.poll();
            return piece != null ? Future.succeededFuture(piece) : never.future();
        }

        @Override
        public void close() {
            never.tryFail(new IOException("closed"));
        }
    }
}
