package dev.nearside.edge.store;

import static dev.nearside.edge.store.OpenStore.get;
import static dev.nearside.edge.store.Samples.NOON;
import static dev.nearside.edge.store.Samples.body;
import static dev.nearside.edge.store.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Tags;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.key.CacheKey.Target;
import dev.nearside.model.distribution.DistributionId;
import dev.nearside.model.invalidation.Invalidation;
import dev.nearside.model.invalidation.Invalidation.Effect;
import dev.nearside.model.invalidation.InvalidationPath;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// A store and a model that forgets nothing go through the same fetches, invalidations, sweeps and restarts: what the
/// store serves the model allows, and says the same of it.
class InvalidationProperties {

    private static final int STEPS = 120;
    private static final List<String> PATHS = List.of("/a", "/a/1", "/a/2", "/b/1", "/b/%32", "/b/2", "/c");
    private static final List<String> TAGS = List.of("t", "u", "v");
    private static final List<String> REACHES =
            List.of("/a", "/a*", "/a/*", "/a/1", "/b/2", "/b/*", "/c", "/*", "#t", "#U", "#v", "#none");

    @Property(tries = 10)
    void nothingIsServedThatTheModelForbids(@ForAll Random random) throws IOException {
        var directory = Files.createTempDirectory("invalidations");
        try (var walk = new Walker(directory, random)) {
            for (int i = 0; i < STEPS; i++) walk.step();
            walk.sweepAtRest();
        } finally {
            try (var files = Files.walk(directory)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
    }

    private record Bytes(long seed, int length) {
        byte[] all() {
            return body(seed, length);
        }
    }

    /// What may lie under a key.
    private record Candidate(StoredResponse head, Bytes bytes) {}

    private record Fetch(String path, StoredResponse head, Bytes bytes, Optional<Writing> writing) {}

    private record Confirmation(String path, StoredResponse known, StoredResponse head) {}

    private record Change(long number, Target target) {}

    private static final class Walker implements AutoCloseable {

        private final Path directory;
        private final Random random;
        private final List<Invalidation> rules = new ArrayList<>();
        private final List<Change> changes = new ArrayList<>();
        private final Map<String, List<Candidate>> candidates = new HashMap<>();
        // Paths of which the store must have what the model has.
        private final Set<String> certain = new HashSet<>();
        private final List<Fetch> fetches = new ArrayList<>();
        private final List<Confirmation> confirmations = new ArrayList<>();
        private OpenStore open;
        private Future<Boolean> sweeping = Future.succeededFuture();
        private LogPosition sweptAt = LogPosition.NONE;
        private LogPosition start = new LogPosition("e1", 3);
        private int serial;

        Walker(Path directory, Random random) throws IOException {
            this.directory = directory;
            this.random = random;
            this.open = new OpenStore(directory);
            open.store.reset(start);
        }

        void step() throws IOException {
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3, 4 -> setOff();
                case 5, 6, 7, 8, 9 -> goOn();
                case 10 -> askWhetherStillGood();
                case 11 -> confirm();
                case 12, 13, 14 -> invalidate();
                case 15 -> change();
                case 16 -> sweep();
                case 17 -> sweepAtRest();
                case 18 -> restart();
                default -> newEpoch();
            }
            check();
        }

        private String anyPath() {
            return PATHS.get(random.nextInt(PATHS.size()));
        }

        private StoredResponse anyHead() {
            var tags = TAGS.stream().filter(_ -> random.nextInt(3) == 0).toList();
            return new StoredResponse(
                    200,
                    Headers.of("ETag", "\"" + serial++ + "\""),
                    NOON,
                    NOON,
                    open.store.position(),
                    new Tags(tags),
                    Optional.empty());
        }

        private void setOff() {
            var bytes = new Bytes(serial, random.nextInt(3) == 0 ? 300_000 : 500);
            fetches.add(new Fetch(anyPath(), anyHead(), bytes, Optional.empty()));
        }

        /// The head of a fetch arrives, or its body does.
        private void goOn() {
            if (fetches.isEmpty()) return;
            var fetch = fetches.remove(random.nextInt(fetches.size()));
            if (fetch.writing().isEmpty()) {
                var writing = open.store.open(
                        key(fetch.path()), fetch.head(), fetch.bytes().length());
                fetches.add(new Fetch(fetch.path(), fetch.head(), fetch.bytes(), Optional.of(writing)));
                return;
            }
            var writing = fetch.writing().get();
            if (random.nextInt(6) == 0) {
                writing.abort(new IOException("on purpose"));
                return;
            }
            open.write(writing, fetch.bytes().all(), 100_000);
            get(writing.complete());
            candidates.put(fetch.path(), List.of(new Candidate(fetch.head(), fetch.bytes())));
            if (isInTime(fetch.head().position())) certain.add(fetch.path());
            else certain.remove(fetch.path());
        }

        private boolean isInTime(LogPosition position) {
            return position.epoch().equals(sweptAt.epoch())
                    && position.number() >= sweptAt.number()
                    && position.changes() >= sweptAt.changes();
        }

        private void askWhetherStillGood() {
            var path = anyPath();
            var found = open.find(key(path));
            if (found.isEmpty()) return;
            try (var entry = found.get()) {
                var known = (StoredResponse) entry.head();
                confirmations.add(new Confirmation(path, known, anyHead()));
            }
        }

        private void confirm() {
            if (confirmations.isEmpty()) return;
            var said = confirmations.remove(random.nextInt(confirmations.size()));
            get(open.store.freshen(key(said.path()), said.known(), said.head()));
            var all = new ArrayList<>(candidates.getOrDefault(said.path(), List.of()));
            for (var before : List.copyOf(all)) {
                if (before.head().equals(said.known().unmarked())) {
                    all.add(new Candidate(said.head(), before.bytes()));
                    certain.remove(said.path());
                }
            }
            candidates.put(said.path(), all);
        }

        private void invalidate() {
            var position = open.store.position();
            var since = NOON.truncatedTo(ChronoUnit.MILLIS).plusMillis(random.nextInt(1_000));
            var lines = REACHES.stream()
                    .filter(_ -> random.nextInt(6) == 0)
                    .map(InvalidationPath::parse)
                    .toList();
            var one = new Invalidation(
                    "I",
                    position.epoch(),
                    position.number() + 1,
                    new DistributionId(Samples.SITE),
                    lines,
                    random.nextBoolean() ? new Effect.Hard() : new Effect.Soft(since));
            rules.add(one);
            get(open.store.apply(one));
        }

        private void change() {
            var target = key(anyPath()).target();
            get(open.store.outdate(List.of(target)));
            changes.add(new Change(open.store.position().changes(), target));
        }

        private void sweep() {
            sweptAt = open.store.position();
            sweeping = open.store.sweep();
        }

        void sweepAtRest() {
            sweep();
            get(sweeping);
        }

        private void restart() throws IOException {
            get(sweeping.otherwise(false));
            for (var fetch : fetches) fetch.writing().ifPresent(writing -> writing.abort(new IOException("over")));
            fetches.clear();
            confirmations.clear();
            open.close();
            open = new OpenStore(directory);
        }

        private void newEpoch() {
            if (random.nextInt(4) > 0) return;
            start = new LogPosition("e" + serial++, random.nextInt(5));
            open.store.reset(start);
        }

        private void check() {
            for (var path : PATHS) {
                var found = open.find(key(path));
                var may = candidates.getOrDefault(path, List.of());
                if (found.isEmpty()) {
                    assertThat(certain.contains(path) && may.size() == 1 && isAlive(key(path), may.getFirst()))
                            .as("%s is gone, which nothing reaches: %s", path, may)
                            .isFalse();
                    continue;
                }
                try (var entry = found.get()) {
                    var head = (StoredResponse) entry.head();
                    var which = may.stream()
                            .filter(one -> one.head().equals(head.unmarked()))
                            .findFirst();
                    assertThat(which).as("%s is %s", path, head).isPresent();
                    assertThat(OpenStore.read(entry.body(), 0))
                            .isEqualTo(which.get().bytes().all());
                    if (!open.store.proves(head.position())) continue;
                    assertThat(isAlive(key(path), which.get()))
                            .as("%s is served: %s", path, head)
                            .isTrue();
                    assertThat(head.staleSince()).as("%s: %s", path, head).isEqualTo(staleSince(path, head));
                }
            }
        }

        private boolean isAlive(CacheKey key, Candidate one) {
            var position = one.head().position();
            boolean changed = changes.stream()
                    .anyMatch(change -> change.number() > position.changes()
                            && forms(change.target()).stream().anyMatch(forms(key.target())::contains));
            return !changed
                    && rules.stream()
                            .noneMatch(rule ->
                                    rule.effect() instanceof Effect.Hard && reaches(rule, key.target(), one.head()));
        }

        private Optional<Instant> staleSince(String path, StoredResponse head) {
            return rules.stream()
                    .filter(rule -> reaches(rule, key(path).target(), head))
                    .flatMap(rule -> rule.effect() instanceof Effect.Soft(var since)
                            ? Optional.of(since).stream()
                            : Optional.<Instant>empty().stream())
                    .min(Comparator.naturalOrder());
        }

        private static boolean reaches(Invalidation rule, Target target, StoredResponse head) {
            if (!rule.epoch().equals(head.position().epoch())
                    || rule.position() <= head.position().number()) return false;
            return rule.paths().stream().anyMatch(line -> switch (line) {
                case InvalidationPath.Exact(var path) -> forms(target).contains(path);
                case InvalidationPath.Prefix(var prefix) ->
                    forms(target).stream().anyMatch(form -> form.startsWith(prefix));
                case InvalidationPath.Tag(var name) -> head.tags().names().contains(name);
            });
        }

        /// What a path of this test is called.
        private static Set<String> forms(Target target) {
            return new HashSet<>(List.of(target.raw(), target.raw().replace("%32", "2")));
        }

        @Override
        public void close() {
            get(sweeping.otherwise(false));
            for (var fetch : fetches) fetch.writing().ifPresent(writing -> writing.abort(new IOException("over")));
            open.close();
        }
    }
}
