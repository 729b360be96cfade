package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.RangingOrigin.Thing;
import dev.nearside.edge.http.ByteRange;
import dev.nearside.edge.http.ByteRange.Portion;
import dev.nearside.edge.http.ContentRange;
import dev.nearside.edge.http.Sliced;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/// Whatever is asked of an object, in whatever order, and whatever happens in between: who gets an answer gets exactly
/// the bytes of one version of it.
class SlicesProperties {

    private static final long SLICE = Sliced.SIZE;

    private record Bench(Path folder, RangingOrigin origin, RunningEdge edge) {}

    private static @Nullable Bench shared;
    private static int objects;

    /// One thing that happens.
    sealed interface Step {

        /// A viewer asks; the parts are thousandths of the object, or slice boundaries and a few bytes.
        record Ask(List<Spot> spots, boolean ordered) implements Step {}

        record AskAll() implements Step {}

        record AskTheEnd(long bytes) implements Step {}

        /// The origin has a new version.
        ///
        /// @param thousandths of four slices that it is long
        /// @param told whether the change passes through the edge
        record Change(int thousandths, boolean told) implements Step {}

        record Pass(int seconds) implements Step {}

        record Restart() implements Step {}
    }

    record Spot(int slice, int offset, long length) {
        long first() {
            return Math.max(0, slice * SLICE + offset);
        }

        String written() {
            return first() + "-" + (first() + length);
        }
    }

    @BeforeContainer
    static void open() throws IOException {
        var folder = Files.createTempDirectory("slices-properties");
        var origin = new RangingOrigin();
        shared = new Bench(folder, origin, new RunningEdge(folder, RunningEdge.site(origin.port())));
    }

    @AfterContainer
    static void close() throws IOException {
        bench().edge().close();
        bench().origin().close();
        try (var files = Files.walk(bench().folder())) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private static Bench bench() {
        var open = shared;
        if (open == null) throw new IllegalStateException("not open");
        return open;
    }

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void whoGetsAnAnswerGetsTheBytesOfOneVersion(@ForAll("steps") List<Step> steps) throws Exception {
        var bench = bench();
        var path = "/kept/object-" + objects++;
        var now = version(1, 900);
        var versions = new HashMap<String, Thing>();
        versions.put(tag(now), now);
        bench.origin().on(path, now);
        boolean changed = false;
        boolean told = true;
        for (var step : steps) {
            switch (step) {
                case Step.Ask(var spots, var ordered) -> {
                    var some = ordered
                            ? spots.stream()
                                    .sorted(Comparator.comparingLong(Spot::first))
                                    .toList()
                            : spots;
                    var range = "bytes="
                            + String.join(",", some.stream().map(Spot::written).toList());
                    check(path, range, versions, changed, told ? now : null);
                }
                case Step.AskAll() -> check(path, null, versions, changed, told ? now : null);
                case Step.AskTheEnd(var bytes) -> check(path, "bytes=-" + bytes, versions, changed, told ? now : null);
                case Step.Change(var thousandths, var tell) -> {
                    now = version(versions.size() + 1, thousandths);
                    versions.put(tag(now), now);
                    bench.origin().on(path, now);
                    if (tell) bench.edge().send("POST", path);
                    changed = true;
                    told = tell;
                }
                case Step.Pass(var seconds) -> {
                    bench.edge().clock().pass(Duration.ofSeconds(seconds));
                    if (seconds > 60) told = true;
                }
                case Step.Restart() -> bench.edge().restart();
            }
        }
    }

    private static Thing version(int number, int thousandths) {
        var thing = Thing.of(objects * 1_000L + number, 4 * SLICE * thousandths / 1_000 + number % 3);
        return thing.with(Map.of("ETag", tag(thing), "Cache-Control", "max-age=60"));
    }

    private static String tag(Thing thing) {
        return "\"v" + thing.seed() + "\"";
    }

    /// @param only the one version that may be served; null if an older one may as well
    private static void check(
            String path, @Nullable String range, Map<String, Thing> versions, boolean changed, @Nullable Thing only)
            throws Exception {
        HttpResponse<byte[]> answer;
        try {
            answer = range == null ? bench().edge().get(path) : bench().edge().get(path, "Range", range);
        } catch (IOException e) {
            // What was begun cannot be continued when the origin has another version; never without that.
            assertThat(changed && only == null)
                    .as("%s of %s: %s", range, path, e)
                    .isTrue();
            return;
        }
        if (answer.statusCode() == 416) {
            assertThat(range).isNotNull();
            return;
        }
        var thing = versions.get(answer.headers().firstValue("ETag").orElseThrow());
        assertThat(thing).isNotNull();
        if (only != null) assertThat(tag(thing)).isEqualTo(tag(only));
        long last = thing.length() - 1;
        if (answer.statusCode() == 200) {
            same(answer.body(), thing, 0, last);
            return;
        }
        assertThat(answer.statusCode()).isEqualTo(206);
        var asked = ByteRange.parse(Objects.requireNonNull(range));
        if (asked.size() == 1) {
            assertThat(asked.getFirst().of(thing.length())).isInstanceOfSatisfying(Portion.Slice.class, slice -> {
                assertThat(answer.headers().firstValue("Content-Range"))
                        .contains(ContentRange.of(slice.first(), slice.last(), slice.total())
                                .toString());
                same(answer.body(), thing, slice.first(), slice.last());
            });
            return;
        }
        var type = answer.headers().firstValue("Content-Type").orElseThrow();
        var boundary = "--" + type.substring(type.indexOf('=') + 1);
        int at = 0;
        for (var one : asked) {
            var slice = (Portion.Slice) one.of(thing.length());
            var head = (at == 0 ? "" : "\r\n") + boundary + "\r\nContent-Range: "
                    + ContentRange.of(slice.first(), slice.last(), slice.total()) + "\r\n\r\n";
            assertThat(text(answer.body(), at, head.length())).isEqualTo(head);
            at += head.length();
            int end = at + (int) slice.length();
            same(Arrays.copyOfRange(answer.body(), at, end), thing, slice.first(), slice.last());
            at = end;
        }
        assertThat(text(answer.body(), at, answer.body().length - at)).isEqualTo("\r\n" + boundary + "--\r\n");
    }

    private static String text(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }

    private static void same(byte[] bytes, Thing thing, long first, long last) {
        assertThat(bytes.length).isEqualTo((int) (last - first + 1));
        assertThat(Arrays.mismatch(bytes, thing.bytes(first, last))).isEqualTo(-1);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        var spots = Combinators.combine(
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(-3, 3),
                        Arbitraries.longs().between(0, SLICE))
                .as(Spot::new);
        Arbitrary<Step> ask = Combinators.combine(spots.list().ofMinSize(1).ofMaxSize(2), Arbitraries.of(true, false))
                .as(Step.Ask::new);
        Arbitrary<Step> end = Arbitraries.longs().between(1, 2 * SLICE).map(Step.AskTheEnd::new);
        Arbitrary<Step> change = Combinators.combine(
                        Arbitraries.integers().between(500, 1_000), Arbitraries.of(true, false, false))
                .as(Step.Change::new);
        return Arbitraries.frequencyOf(
                        Tuple.of(12, ask),
                        Tuple.of(2, end),
                        Tuple.of(1, Arbitraries.just(new Step.AskAll())),
                        Tuple.of(3, change),
                        Tuple.of(3, Arbitraries.of(10, 61, 61).map(Step.Pass::new)),
                        Tuple.of(1, Arbitraries.just(new Step.Restart())))
                .list()
                .ofMinSize(8)
                .ofMaxSize(24);
    }
}
