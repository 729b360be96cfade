package dev.nearside.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class CommandLinesTest {

    @SuppressWarnings("UnusedVariable") // picocli fills the fields
    @Command(name = "nearside try", mixinStandardHelpOptions = true)
    private static final class Try implements Callable<Integer> {
        @Option(names = "--cache-disk", paramLabel = "SIZE", required = true)
        private String disk = "";

        @Option(
                names = {"-n", "--rounds"},
                paramLabel = "N")
        private int rounds;

        @Option(names = "--minutes")
        private double minutes;

        @Option(names = "--control-plane", split = ",")
        private List<URI> addresses = new ArrayList<>();

        @Parameters(paramLabel = "TRACE")
        private String trace = "";

        @Override
        public Integer call() {
            return 0;
        }
    }

    @SuppressWarnings("UnusedVariable") // picocli fills the field
    @Command(name = "--crash", mixinStandardHelpOptions = true)
    private static final class Crash implements Callable<Integer> {
        @Option(names = "--rounds")
        private long rounds;

        @Override
        public Integer call() {
            return 0;
        }
    }

    @Command(
            name = "nearside verify",
            mixinStandardHelpOptions = true,
            subcommands = {Crash.class, Soak.class})
    private static final class Verify {}

    @Command(name = "soak")
    private static final class Soak implements Callable<Integer> {
        @Override
        public Integer call() {
            return 0;
        }
    }

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(Object command, String... words) {
        return CommandLines.of(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            t --cache-disk 1GB --rounds x              | --rounds: x (expected: a whole number)
            t --cache-disk 1GB -n 99999999999          | --rounds: 99999999999 (expected: at most 2147483647)
            t --cache-disk 1GB --minutes long          | --minutes: long (expected: a number)
            t --cache-disk 1GB --control-plane http:^^ | --control-plane: http:^^ (expected: http://HOST:PORT)
            t --cache-dsk 2G --cache-disk 1GB          | --cache-dsk: no such option (near it: --cache-disk)
            t --cache-disk 1GB --qqq 1 --zzz           | --qqq, --zzz: no such option
            t --cache-disk 1GB u v                     | u v: belongs to no option
            t --cache-disk 1GB --cache-disk 2GB        | --cache-disk: said twice (expected: once)
            t --cache-disk                             | --cache-disk: missing (expected: SIZE)
            t                                          | --cache-disk: missing (expected: SIZE)
            --cache-disk 1GB                           | TRACE: missing
            """)
    void anOptionThatCannotBe(String said, String message) {
        assertThat(execute(new Try(), said.split(" "))).isEqualTo(2);
        assertThat(err.toString().lines()).containsExactly(message, "All options: nearside try --help");
    }

    @Test
    void aCommandBehindAnotherIsCalledAsItIsTyped() {
        assertThat(execute(new Verify(), "--crash", "--rounds", "many")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "--rounds: many (expected: a whole number)", "All options: nearside verify --crash --help");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --cash         | --cash: no such option
            crash          | crash: no such command (expected: --crash or soak)
            crash --rounds | crash: no such command (expected: --crash or soak)
                           | COMMAND: missing (expected: --crash or soak)
            """)
    void aCommandThatIsNotThere(@Nullable String said, String message) {
        assertThat(execute(new Verify(), said == null ? new String[0] : said.split(" ")))
                .isEqualTo(2);
        assertThat(err.toString().lines()).containsExactly(message, "All options: nearside verify --help");
    }

    @Test
    void eachKnowsWhichReleaseItIs() {
        assertThat(execute(new Try(), "--version")).isZero();
        assertThat(execute(new Verify(), "--crash", "-V")).isZero();
        assertThat(out.toString().lines()).hasSize(2).allMatch(line -> line.matches("nearside \\S+, JDK 25\\S*"));
    }

    @Test
    void helpShowsTheNameAsItIsTyped() {
        assertThat(execute(new Verify(), "--crash", "--help")).isZero();
        assertThat(out.toString()).startsWith("Usage: nearside verify --crash [-hV] [--rounds=");
    }
}
