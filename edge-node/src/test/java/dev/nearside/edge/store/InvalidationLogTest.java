package dev.nearside.edge.store;

import static dev.nearside.edge.store.Samples.invalidation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Tags;
import dev.nearside.edge.key.CacheKey.Target;
import dev.nearside.edge.store.InvalidationLog.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvalidationLogTest {

    private static final long NEVER = Long.MAX_VALUE / 4;

    @TempDir
    Path directory = Path.of("");

    private Path file() {
        return directory.resolve("log");
    }

    private List<Line> lines() throws IOException {
        var lines = new ArrayList<Line>();
        InvalidationLog.open(file(), NEVER, lines::add).close();
        return lines;
    }

    private static Line kill(String epoch, long number, String... paths) {
        return new Line.Kill(invalidation(epoch, number, paths));
    }

    @Test
    void readsWhatWasWritten() throws IOException {
        var written = List.of(
                new Line.Move(new LogPosition("e", 3), 3), kill("e", 4, "/a", "/b/*", "/c?d=%20"), kill("e", 5, "/*"));
        try (var log = InvalidationLog.open(file(), NEVER, _ -> {})) {
            log.append(written);
        }
        assertThat(lines()).isEqualTo(written);
    }

    @Test
    void whateverIsTornOffTheEndTheRestIsRead() throws IOException {
        var written = List.of(kill("e", 4, "/a"), kill("e", 5, "/b"), kill("e", 6, "/c"));
        try (var log = InvalidationLog.open(file(), NEVER, _ -> {})) {
            log.append(written);
        }
        var whole = Files.readAllBytes(file());
        int line = whole.length / 3;
        for (int length = whole.length; length >= 0; length--) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThat(lines()).isEqualTo(written.subList(0, length / line));
        }
    }

    @Test
    void goesOnAfterATornEnd() throws IOException {
        try (var log = InvalidationLog.open(file(), NEVER, _ -> {})) {
            log.append(List.of(kill("e", 4, "/a"), kill("e", 5, "/b")));
        }
        var whole = Files.readAllBytes(file());
        whole[whole.length - 1] ^= 1;
        Files.write(file(), whole);
        try (var log = InvalidationLog.open(file(), NEVER, _ -> {})) {
            log.append(List.of(kill("e", 6, "/c")));
        }
        assertThat(lines()).containsExactly(kill("e", 4, "/a"), kill("e", 6, "/c"));
    }

    @Test
    void aLargeFileIsWrittenAnewWithTheLatestOfEachPath() throws IOException {
        try (var log = InvalidationLog.open(file(), 50_000, _ -> {})) {
            log.append(
                    List.of(kill("a", 1, "/lost"), new Line.Move(new LogPosition("b", 7), 7), kill("b", 8, "/kept")));
            log.append(List.of(new Line.Move(new LogPosition("e", 10), 10)));
            for (int i = 11; i < 3_000; i += 49) {
                var some = new ArrayList<Line>();
                for (int n = i; n < i + 49; n++) some.add(kill("e", n, "/p/" + n % 10, "/q/" + n % 7 + "*"));
                log.append(some);
                int number = (i - 11) / 49 + 1;
                log.append(List.of(new Line.Change(
                        number, Samples.key("/changed/" + number % 10).target())));
            }
            log.append(List.of(new Line.Change(70, Samples.key("/changed/9").target())));
            assertThat(log.size()).isLessThan(60_000);
        }
        var rules = new InvalidationRules(77);
        for (var line : lines()) {
            switch (line) {
                case Line.Kill(var invalidation) -> rules.apply(invalidation);
                case Line.Move(var position, var floor) -> rules.move(position, floor);
                case Line.Change(var number, var target) -> rules.outdate(target, number);
                case Line.Forgotten(var number) -> rules.forgetChanges(number);
                case Line.Folded(var fold) -> rules.fold(fold);
            }
        }
        assertThat(rules.position()).isEqualTo(new LogPosition("e", 2_999, 70));
        assertThat(kills(rules, Samples.key("/changed/9").target(), new LogPosition("e", 2_999, 69)))
                .isTrue();
        assertThat(kills(rules, Samples.key("/changed/9").target(), new LogPosition("e", 2_999, 70)))
                .isFalse();
        assertThat(rules.floor()).isEqualTo(10);
        for (int i = 2_990; i < 3_000; i++) {
            var target = Samples.key("/p/" + i % 10).target();
            assertThat(kills(rules, target, new LogPosition("e", i - 1))).isTrue();
            assertThat(kills(rules, target, new LogPosition("e", i))).isFalse();
        }
        assertThat(kills(rules, Samples.key("/kept").target(), new LogPosition("b", 7)))
                .isTrue();
    }

    private static boolean kills(InvalidationRules rules, Target target, LogPosition position) {
        return rules.judge(target, Tags.NONE, position) == InvalidationRules.DEAD;
    }
}
