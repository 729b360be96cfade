package dev.nearside.edge.store;

import static dev.nearside.edge.store.OpenStore.get;
import static dev.nearside.edge.store.OpenStore.take;
import static dev.nearside.edge.store.Samples.body;
import static dev.nearside.edge.store.Samples.head;
import static dev.nearside.edge.store.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Stored;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Tags;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.key.CacheKey.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

class StoreProperties {

    private static @Nullable Path directory;
    private static @Nullable OpenStore shared;

    @BeforeContainer
    static void open() throws IOException {
        directory = Files.createTempDirectory("store-properties");
        shared = new OpenStore(directory);
    }

    @AfterContainer
    static void close() throws IOException {
        store().close();
        if (directory == null) return;
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private static OpenStore store() {
        var open = shared;
        if (open == null) throw new IllegalStateException("not open");
        return open;
    }

    /// Around each border: of a block, of what is gathered in memory, of what is written at a time.
    @Provide
    static Arbitrary<Integer> lengths() {
        var borders = Arbitraries.of(0, 16 << 10, 64 << 10, 114_688, 128 << 10, 256 << 10, 512 << 10)
                .flatMap(border -> Arbitraries.integers().between(Math.max(0, border - 2), border + 2));
        return Arbitraries.oneOf(borders, Arbitraries.integers().between(0, 1 << 20));
    }

    @Property(tries = 60)
    void whatIsFoundIsWhatWasWritten(
            @ForAll("lengths") int length,
            @ForAll boolean isAnnounced,
            @ForAll("lengths") int piece,
            @ForAll long seed) {
        var open = store();
        var key = key("/round/" + seed % 7);
        var bytes = body(seed, length);
        var writing = open.store.open(key, head("" + seed), isAnnounced ? length : -1);
        open.write(writing, bytes, Math.max(piece, 997));
        get(writing.complete());

        assertThat(open.head(key)).isEqualTo(head("" + seed));
        assertThat(open.read(key)).isEqualTo(bytes);
        try (var entry = open.find(key).orElseThrow()) {
            int offset = length / 3;
            assertThat(OpenStore.read(entry.body(), offset)).isEqualTo(Arrays.copyOfRange(bytes, offset, length));
        }
    }

    @Property(tries = 40)
    void everyReaderGetsEveryByteWhateverTheOrder(
            @ForAll("lengths") int length, @ForAll boolean isAnnounced, @ForAll long seed) {
        var open = store();
        var bytes = body(seed, length);
        var random = new Random(seed);
        var writing = open.store.open(key("/paced"), head("1"), isAnnounced ? length : -1);
        var readers = new HashMap<BodyReader, ByteArrayOutputStream>();
        for (int i = 0; i < 3; i++) readers.put(writing.body().reader(0), new ByteArrayOutputStream());
        int written = 0;
        while (written < length) {
            int end = Math.min(length, written + 1 + random.nextInt(40_000));
            var turn = writing.write(open.direct(Arrays.copyOfRange(bytes, written, end)));
            written = end;
            for (var reader : readers.entrySet()) {
                if (random.nextInt(3) > 0 && reader.getValue().size() < written) {
                    reader.getValue().writeBytes(take(reader.getKey()));
                }
            }
            get(turn);
        }
        if (random.nextInt(5) == 0) {
            writing.abort(new IOException("on purpose"));
            for (var reader : readers.keySet()) reader.close();
            return;
        }
        get(writing.complete());
        for (var reader : readers.entrySet()) {
            reader.getValue().writeBytes(OpenStore.read(reader.getKey()));
            assertThat(reader.getValue().toByteArray()).isEqualTo(bytes);
            reader.getKey().close();
        }
        assertThat(open.read(key("/paced"))).isEqualTo(bytes);
    }

    @Property(tries = 200)
    void aHeadIsReadAsItWasWritten(@ForAll("heads") Stored head, @ForAll("targets") Target target) throws IOException {
        assertThat(HeadCodec.read(HeadCodec.write(target, head))).isEqualTo(new HeadCodec.Written(target, head));
    }

    @Property(tries = 200)
    void aHeadThatIsCutOffIsRefused(@ForAll("heads") Stored head, @ForAll Random random) {
        var bytes = HeadCodec.write(new Target("D", "/%61", "/a"), head);
        var cut = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        try {
            HeadCodec.read(cut);
        } catch (IOException expected) {
            return;
        }
        throw new AssertionError("was read: " + Arrays.toString(cut));
    }

    @Provide
    static Arbitrary<Target> targets() {
        var texts = Arbitraries.strings().ofMaxLength(8);
        return Combinators.combine(texts, texts, texts).as(Target::new);
    }

    @Provide
    static Arbitrary<Stored> heads() {
        var texts = Arbitraries.strings().ofMaxLength(30);
        var positions = Combinators.combine(texts, Arbitraries.longs().greaterOrEqual(0))
                .as(LogPosition::new);
        var fields = Combinators.combine(texts, texts).as(Headers.Field::new).list();
        var times = Arbitraries.longs()
                .between(0, 1L << 40)
                .map(millis -> Instant.ofEpochMilli(millis).plusNanos(millis % 1_000_000));
        var responses = Combinators.combine(
                        Arbitraries.integers().between(100, 599),
                        fields,
                        times,
                        times,
                        positions,
                        texts.list().ofMaxSize(4).map(Tags::new),
                        times.optional())
                .as((status, list, from, to, position, tags, since) ->
                        (Stored) new StoredResponse(status, new Headers(list), from, to, position, tags, since));
        var variants =
                Combinators.combine(texts.list(), positions).as((on, position) -> (Stored) new Variants(on, position));
        return Arbitraries.oneOf(List.of(responses, variants));
    }
}
