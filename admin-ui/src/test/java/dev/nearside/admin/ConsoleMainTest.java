package dev.nearside.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// How the console may be started.
class ConsoleMainTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # the command line                                                                        | what is wrong
            --control-plane http://127.0.0.1:8070                                                     |
            --control-plane http://localhost:8070 --listen localhost:8090                             |
            --control-plane http://[::1]:8070 --listen [::1]:8090                                     |
            --control-plane https://control.example --listen 127.0.0.2:8090                           |
            --control-plane http://127.0.0.1:8070 --listen 0.0.0.0:8090                               | --listen: 0.0.0.0
            --control-plane http://127.0.0.1:8070 --listen 192.0.2.1:8090                             | --listen: 192.0.2.1
            --control-plane http://control.example:8070                                               | --control-plane: http://control.example
            --control-plane http://control.example:8070 --listen 0.0.0.0:8090 --allow-plain-http      |
            """)
    void passwordsDoNotTravelInTheClearUnlessSomebodyWantsIt(String commandLine, String problem) {
        var console = new ConsoleMain();
        new CommandLine(console).parseArgs(commandLine.split(" +"));

        if (problem == null) assertThat(console.problem()).isEmpty();
        else
            assertThat(console.problem())
                    .hasValueSatisfying(
                            said -> assertThat(said).startsWith(problem).contains("--allow-plain-http"));
    }
}
