package dev.nearside.deploy.tether;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TetheredTest {

    /// Stands for a server: says what it was given, and then waits for ever.
    static final class Server {
        private Server() {}

        static void main(String[] args) throws InterruptedException {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("orderly")));
            System.out.println("hello " + String.join(",", args));
            Thread.currentThread().join();
        }
    }

    /// Stands for a server that cannot start.
    static final class Broken {
        private Broken() {}

        static void main(String[] args) {
            if (args.length == 0) throw new IllegalStateException("no");
        }
    }

    @Test
    void endsInGoodOrderWhenItsParentsEndOfThePipeCloses() throws Exception {
        var process = start(Server.class, "a", "b");
        try (var out = reader(process)) {
            assertThat(out.readLine()).isEqualTo("hello a,b");

            process.getOutputStream().close();

            assertThat(out.readLine()).isEqualTo("orderly");
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void failsWhenTheMainFails() throws Exception {
        var process = start(Broken.class);
        try (var out = reader(process)) {
            assertThat(String.join("\n", out.readAllLines())).contains("IllegalStateException: no");
        }
        assertThat(process.waitFor()).isEqualTo(1);
    }

    private static BufferedReader reader(Process process) {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    private static Process start(Class<?> main, String... args) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Tethered.class.getName(),
                main.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
