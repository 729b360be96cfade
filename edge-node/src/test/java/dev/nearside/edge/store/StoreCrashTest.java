package dev.nearside.edge.store;

import static dev.nearside.edge.store.OpenStore.get;
import static dev.nearside.edge.store.Samples.body;
import static dev.nearside.edge.store.Samples.head;
import static dev.nearside.edge.store.Samples.invalidation;
import static dev.nearside.edge.store.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreCrashTest {

    private static final int ROUNDS = Integer.getInteger("nearside.crash.rounds", 3);
    private static final int PATHS = 400;

    @TempDir
    Path directory = Path.of("");

    /// The body that the n-th writing stores; its head says which n.
    private static byte[] bytes(long n) {
        return body(n, (int) (n % 9 == 0 ? 200_000 + n % 1_000 * 100 : n * 7_919 % 60_000));
    }

    private static String path(long n) {
        return "/" + n * 31 % PATHS;
    }

    /// Killed at any instant, the store gives back what was written or nothing, and never what was invalidated; with
    /// room for everything, and with less.
    @ParameterizedTest
    @ValueSource(longs = {OpenStore.DISK, OpenStore.DISK * 3 / 8})
    void whateverIsFoundAfterAKillIsWholeAndCurrent(long disk) throws Exception {
        long lastKill = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var writer = fork(round, disk);
            long stored = 0;
            try (var lines = writer.inputReader()) {
                var random = new Random(round);
                int until = 300 + random.nextInt(900);
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    assertThat(line).as("of the writer").doesNotStartWith("broken");
                    if (line.startsWith("stored ")) stored++;
                    if (line.startsWith("killed ")) lastKill = Long.parseLong(line.substring("killed ".length()));
                    if (stored >= until) break;
                }
            } finally {
                writer.destroyForcibly().waitFor();
            }
            assertThat(stored).as("the writer worked").isGreaterThan(0);

            try (var open = new OpenStore(settings(directory, disk))) {
                int found = 0;
                for (int i = 0; i < PATHS; i++) found += check(open, "/" + i, lastKill);
                assertThat(found).as("round %d, found after %d", round, stored).isGreaterThan(PATHS / 8);
                assertThat(open.store.position().number()).isGreaterThanOrEqualTo(lastKill);
                for (int i = 0; i < PATHS; i++) open.put(key("/" + i), head("0", open.store.position()), bytes(0));
            }
        }
    }

    private static int check(OpenStore open, String path, long lastKill) {
        var found = open.find(key(path));
        if (found.isEmpty()) return 0;
        try (var entry = found.get()) {
            var tag = ((StoredResponse) entry.head()).headers().first("etag").orElseThrow();
            long n = Long.parseLong(tag.replace("\"", ""));
            assertThat(OpenStore.read(entry.body(), 0)).isEqualTo(bytes(n));
            if (path.endsWith("7")) {
                assertThat(entry.head().position().number()).isGreaterThanOrEqualTo(lastKill);
            }
        }
        return 1;
    }

    private static StoreSettings settings(Path directory, long disk) {
        return new StoreSettings(directory, OpenStore.MEMORY, disk, 2);
    }

    private Process fork(int round, long disk) throws IOException {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        for (var argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--") || argument.startsWith("-D") || argument.startsWith("-XX"))
                command.add(argument);
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Writer.class.getName());
        command.add(directory.toString());
        command.add(Integer.toString(round));
        command.add(Long.toString(disk));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /// The process that is killed.
    static final class Writer {

        private Writer() {}

        @SuppressWarnings("SystemOut") // this is how it tells the test what it has done
        public static void main(String[] arguments) {
            try {
                write(arguments);
            } catch (Throwable e) {
                System.out.println("broken " + e);
                Runtime.getRuntime().halt(1);
            }
        }

        @SuppressWarnings("SystemOut") // the same
        private static void write(String... arguments) throws IOException {
            var settings = settings(Path.of(arguments[0]), Long.parseLong(arguments[2]));
            var open = TwoTierStore.open(Vertx.vertx(), settings);
            await().atMost(Duration.ofMinutes(2)).until(() -> open.usage().recovered());
            long kill = open.position().number();
            for (long n = 1 + 100_000L * Integer.parseInt(arguments[1]); ; n++) {
                if (n % 100 == 0) {
                    kill++;
                    var paths = new String[PATHS / 10];
                    for (int i = 0; i < paths.length; i++) paths[i] = "/" + (i * 10 + 7);
                    get(open.apply(invalidation("e", kill, paths)));
                    System.out.println("killed " + kill);
                }
                var bytes = bytes(n);
                var head = head("" + n, new LogPosition("e", kill));
                var writing = open.open(key(path(n)), head, bytes.length);
                for (int at = 0; at < bytes.length; at += 30_000) {
                    int end = Math.min(bytes.length, at + 30_000);
                    get(writing.write(Unpooled.wrappedBuffer(bytes, at, end - at)));
                }
                get(writing.complete());
                if (n % 3 == 0) get(open.freshen(key(path(n)), head, head));
                if (n % 17 == 0) open.remove(key(path(n)));
                System.out.println("stored " + n);
            }
        }
    }
}
