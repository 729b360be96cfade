package dev.nearside.edge.store;

import static dev.nearside.edge.store.OpenStore.get;
import static dev.nearside.edge.store.Samples.NOON;
import static dev.nearside.edge.store.Samples.body;
import static dev.nearside.edge.store.Samples.head;
import static dev.nearside.edge.store.Samples.invalidation;
import static dev.nearside.edge.store.Samples.key;
import static dev.nearside.edge.store.Samples.soft;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Stored;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Tags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sweeping what is stored, and folding the rules that nothing needs any more.
class SweepTest {

    private static final Instant LATER = NOON.truncatedTo(ChronoUnit.MILLIS).plusSeconds(60);

    /// Larger than memory keeps.
    private static final int LARGE = 300_000;

    @TempDir
    Path directory = Path.of("");

    private OpenStore open() throws IOException {
        return new OpenStore(directory);
    }

    private static LogPosition at(long number) {
        return new LogPosition("e", number);
    }

    private static Stored tagged(String etag, long number, String... tags) {
        return ((StoredResponse) head(etag, at(number))).tagged(new Tags(List.of(tags)));
    }

    private static long rules(OpenStore open) {
        return open.store.usage().invalidations().rules();
    }

    private static void sweep(OpenStore open) {
        assertThat(get(open.store.sweep())).isTrue();
    }

    @Test
    void removesWhatIsDeadAndFoldsTheRules() throws IOException {
        try (var open = open()) {
            open.store.reset(at(1));
            for (int i = 0; i < 40; i++) open.put(key("/dead/" + i), tagged("a", 1), body(i, i % 2 == 0 ? 900 : LARGE));
            open.put(key("/tagged"), tagged("a", 1, "t", "u"), body(1, 900));
            open.put(key("/alive"), tagged("a", 1, "v"), body(2, LARGE));
            long before = open.store.usage().diskUsed();
            get(open.store.apply(invalidation("e", 2, "/dead/*", "#T")));
            assertThat(rules(open)).isEqualTo(2);

            sweep(open);

            assertThat(rules(open)).isZero();
            assertThat(open.store.usage().objects()).isEqualTo(1);
            assertThat(open.store.usage().diskUsed()).isLessThan(before / 5);
            assertThat(open.store.usage().invalidations().swept()).isGreaterThanOrEqualTo(42);
            assertThat(open.store.usage().invalidations().reclaimed()).isEqualTo(20 * (900L + LARGE) + 900);
            assertThat(open.has(key("/dead/1"))).isFalse();
            assertThat(open.read(key("/alive"))).isEqualTo(body(2, LARGE));
        }
        assertThat(Files.size(directory.resolve("invalidations.log"))).isLessThan(200);
        try (var open = open()) {
            assertThat(rules(open)).isZero();
            assertThat(open.store.position()).isEqualTo(at(2));
            assertThat(open.store.proves(at(1))).isTrue();
            assertThat(open.has(key("/dead/0"))).isFalse();
            assertThat(open.has(key("/tagged"))).isFalse();
            assertThat(open.has(key("/alive"))).isTrue();
        }
    }

    @Test
    void writesDownSinceWhenSomethingIsStale() throws IOException {
        try (var open = open()) {
            open.store.reset(at(1));
            open.put(key("/s/small"), tagged("a", 1), body(1, 900));
            open.put(key("/s/large"), tagged("a", 1), body(2, LARGE));
            open.put(key("/s/tagged"), tagged("a", 1, "t"), body(3, 900));
            open.put(key("/other"), tagged("a", 1), body(4, 900));
            get(open.store.apply(soft("e", 2, LATER, "/s/small", "/s/l*", "#t")));
            get(open.store.apply(soft("e", 3, LATER.plusSeconds(9), "/*")));

            for (int round = 0; round < 2; round++) {
                assertThat(staleSince(open, "/s/small")).isEqualTo(LATER);
                assertThat(staleSince(open, "/s/large")).isEqualTo(LATER);
                assertThat(staleSince(open, "/s/tagged")).isEqualTo(LATER);
                assertThat(staleSince(open, "/other")).isEqualTo(LATER.plusSeconds(9));
                if (round == 0) sweep(open);
            }
            assertThat(rules(open)).isZero();
            assertThat(open.read(key("/s/large"))).isEqualTo(body(2, LARGE));
        }
        try (var open = open()) {
            assertThat(staleSince(open, "/s/small")).isEqualTo(LATER);
            assertThat(staleSince(open, "/s/large")).isEqualTo(LATER);
        }
    }

    private static Instant staleSince(OpenStore open, String path) {
        return ((StoredResponse) open.head(key(path))).staleSince().orElse(Instant.MAX);
    }

    @Test
    void aConfirmationTakesTheMarkAwayWhoeverWroteIt() throws IOException {
        try (var open = open()) {
            open.store.reset(at(1));
            for (var path : List.of("/by-rule", "/by-sweep")) {
                open.put(key(path), tagged("a", 1), body(1, 900));
                get(open.store.apply(soft("e", open.store.position().number() + 1, LATER, path)));
                if (path.equals("/by-sweep")) sweep(open);
                var known = open.head(key(path));
                var fresh = tagged("a", open.store.position().number());

                get(open.store.freshen(key(path), known, fresh));

                assertThat(open.head(key(path))).isEqualTo(fresh);
            }
        }
        try (var open = open()) {
            assertThat(staleSince(open, "/by-rule")).isEqualTo(Instant.MAX);
            assertThat(staleSince(open, "/by-sweep")).isEqualTo(Instant.MAX);
        }
    }

    @Test
    void whatIsOnItsWayHoldsBackTheRulesThatItIsOlderThan() throws IOException {
        try (var open = open()) {
            open.store.reset(at(1));
            var writing = open.store.open(key("/slow"), tagged("a", 1, "t"), LARGE);
            get(open.store.apply(invalidation("e", 2, "#t")));
            get(open.store.apply(invalidation("e", 3, "/else")));

            sweep(open);
            assertThat(rules(open)).isEqualTo(2);
            open.write(writing, body(1, LARGE), 50_000);
            get(writing.complete());

            assertThat(open.has(key("/slow"))).isFalse();
            sweep(open);
            assertThat(rules(open)).isZero();
            assertThat(open.has(key("/slow"))).isFalse();
        }
    }

    @Test
    void whoArrivesAfterTheFoldWithAPositionFromBeforeIsNotStored() throws IOException {
        try (var open = open()) {
            open.store.reset(at(1));
            var known = tagged("a", 1);
            open.put(key("/confirmed"), known, body(7, 900));
            get(open.store.apply(invalidation("e", 2, "#t")));
            sweep(open);
            assertThat(rules(open)).isZero();

            open.put(key("/late"), tagged("a", 1, "t"), body(1, 900));
            get(open.store.freshen(key("/confirmed"), known, tagged("a", 1, "t")));
            open.put(key("/in-time"), tagged("a", 2, "t"), body(2, 900));

            assertThat(open.has(key("/late"))).isFalse();
            assertThat(open.head(key("/confirmed"))).isEqualTo(known);
            assertThat(open.has(key("/in-time"))).isTrue();
        }
    }

    @Test
    void changesOfTheNodesOwnAreFoldedAndCountedOn() throws IOException {
        try (var open = open()) {
            open.put(key("/a"), head("a"), body(1, 900));
            get(open.store.outdate(List.of(key("/a").target())));
            get(open.store.outdate(List.of(key("/b").target())));

            sweep(open);

            assertThat(rules(open)).isZero();
            assertThat(open.has(key("/a"))).isFalse();
            assertThat(open.store.position().changes()).isEqualTo(2);
        }
        try (var open = open()) {
            assertThat(open.store.position().changes()).isEqualTo(2);
            assertThat(open.store.provesChanges(LogPosition.NONE)).isTrue();
            open.put(key("/a"), head("a", open.store.position()), body(1, 900));
            get(open.store.outdate(List.of(key("/a").target())));
            assertThat(open.has(key("/a"))).isFalse();
        }
    }

    @Test
    void whatWasKilledInAnEpochBeforeStaysDeadAndItsRulesAreFolded() throws IOException {
        try (var open = open()) {
            open.store.reset(at(1));
            open.put(key("/dead"), tagged("a", 1), body(1, 900));
            open.put(key("/unproven"), tagged("a", 1), body(2, 900));
            get(open.store.apply(invalidation("e", 2, "/dead")));
            open.store.reset(new LogPosition("f", 5));

            sweep(open);

            assertThat(rules(open)).isZero();
            assertThat(open.has(key("/dead"))).isFalse();
            assertThat(open.has(key("/unproven"))).isTrue();
            assertThat(open.store.proves(at(1))).isFalse();
        }
    }

    @Test
    void aLogThatGoesBackTurnsNobodyAway() throws IOException {
        try (var open = open()) {
            open.store.reset(at(9));
            get(open.store.apply(invalidation("e", 10, "/x")));
            sweep(open);
            open.store.reset(at(3));

            open.put(key("/a"), tagged("a", 3), body(1, 900));

            assertThat(open.has(key("/a"))).isTrue();
        }
    }
}
