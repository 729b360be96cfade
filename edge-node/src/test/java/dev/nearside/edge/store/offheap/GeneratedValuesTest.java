package dev.nearside.edge.store.offheap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the build keeps for Chronicle Map, in a process that has done nothing else yet.
class GeneratedValuesTest {

    @Test
    void openingMapsCompilesNothing(@TempDir Path folder) throws Exception {
        var loaded = loadedBy(Opener.class, folder.toString());

        assertThat(loaded)
                .contains("net.openhft.chronicle.hash.VanillaGlobalMutableState$$Native")
                .doesNotContain("com.sun.tools.javac.main.JavaCompiler");
    }

    private static String loadedBy(Class<?> main, String argument) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        for (var given : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (given.startsWith("--") || given.startsWith("-D") || given.startsWith("-XX")) command.add(given);
        }
        command.add("-Xlog:class+load");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.add(argument);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /// The process that opens a store's files.
    static final class Opener {

        private Opener() {}

        public static void main(String[] arguments) throws Exception {
            try (var tier = DiskTier.open(Path.of(arguments[0]), DiskTier.SMALLEST_SHARD, 1)) {
                await().until(tier::isRecovered);
            }
        }
    }
}
