package dev.nearside.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.deploy.demo.Child.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {

    /// Says its process id, and lives as long as its standard input.
    private static final Program PATIENT = new Program("patient", List.of("sh", "-c", "echo $$; exec cat"), "");

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Child child = new Child(PATIENT, Path.of("unused"), narrator());

    @BeforeEach
    void start() {
        child = new Child(PATIENT, folder.resolve("patient.log"), narrator());
        child.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        child.askToStop();
        child.awaitStop();
    }

    @Test
    void isStartedAgainWhenItIsKilledAndTheOperatorIsTold() {
        var first = pidOfLife(1);

        kill(first);

        assertThat(pidOfLife(2)).isNotEqualTo(first);
        assertThat(child.deaths()).isEqualTo(1);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("patient was ended by signal 9", "starting it again");
    }

    @Test
    void staysDownWhenItWasAskedToStop() throws Exception {
        var pid = pidOfLife(1);

        child.askToStop();
        child.awaitStop();

        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(lives()).hasSize(1);
        assertThat(said.size()).isZero();
    }

    private Narrator narrator() {
        return new Narrator(new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private long pidOfLife(int life) {
        await().until(() -> lives().size() >= life);
        return Long.parseLong(lives().get(life - 1));
    }

    private List<String> lives() {
        try {
            return Files.exists(child.log()) ? Files.readAllLines(child.log()) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }
}
