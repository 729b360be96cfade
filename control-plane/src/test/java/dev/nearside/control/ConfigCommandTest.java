package dev.nearside.control;

import static dev.nearside.control.Documents.cachePolicy;
import static dev.nearside.control.Documents.distribution;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.command.ConfigMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A configuration kept in a file, with a real control plane behind the command.
@TestInstance(Lifecycle.PER_CLASS)
class ConfigCommandTest {
    private RunningControlPlane api;
    private Path file;
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        api = new RunningControlPlane(data);
        file = data.resolve("nearside.json");
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @BeforeEach
    void clear() throws Exception {
        assertThat(api.put(api.admin(), "/api/v1/config", "*", "{}").statusCode())
                .isEqualTo(200);
        Files.writeString(
                file,
                "{\"cachePolicies\": [%s], \"distributions\": [%s]}"
                        .formatted(cachePolicy("pages", 60), distribution("shop", "shop.test", "pages", true)));
    }

    private int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        var all = new ArrayList<>(List.of(arguments));
        all.add("--control-plane");
        all.add(api.controlPlane().uri().toString());
        return ConfigMain.commandLine(Map.of("NEARSIDE_TOKEN", api.admin()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }

    private String file() {
        return file.toString();
    }

    @Test
    void aFileIsComparedAppliedPublishedAndExported() throws Exception {
        assertThat(run("diff", file())).isEqualTo(1);
        assertThat(out.toString())
                .contains("+ distribution shop\n")
                .contains("+ cache-policy pages\n")
                .contains("2 documents differ.");
        assertThat(run("apply", file(), "--publish", "--comment", "go live & stay"))
                .isZero();
        assertThat(out.toString()).contains("Published as snapshot ");
        assertThat(api.get(api.admin(), "/api/v1/snapshots").body())
                .contains("\"comment\":\"go live & stay\"")
                .contains("\"unpublishedChanges\":0");
        assertThat(run("apply", file(), "--publish")).isZero();
        assertThat(out.toString()).contains("Nothing differs.").contains("says the same; nothing is published.");
        assertThat(run("diff", file())).isZero();
        assertThat(out.toString()).startsWith("Nothing differs.\n");

        assertThat(run("export", file())).isZero();
        var exported = Files.readString(file);
        assertThat(run("apply", file())).isZero();
        assertThat(run("export")).isZero();
        assertThat(out.toString()).isEqualTo(exported);

        Files.writeString(file, exported.replace("\"defaultTTL\": 60", "\"defaultTTL\": 61"));
        assertThat(run("diff", file())).isEqualTo(1);
        assertThat(out.toString()).contains("    ~ defaultTTL: 60 -> 61\n1 document differs.\n");
        assertThat(run("diff", file(), "--json")).isEqualTo(1);
        assertThat(out.toString()).startsWith("{").contains("\"path\":\"defaultTTL\"");
    }

    @Test
    void onlyTheConfigurationThatWasSeenIsReplaced() throws Exception {
        assertThat(run("diff", file())).isEqualTo(1);
        var said = out.toString();
        var seen = said.substring(said.lastIndexOf(' ') + 1).replaceAll("[\".\\s]", "");
        api.post(api.admin(), "/api/v1/cache-policies", cachePolicy("other", 1));

        assertThat(run("apply", file(), "--if-match", seen)).isEqualTo(2);
        assertThat(err.toString()).contains("not the current configuration");
        assertThat(run("apply", file())).isZero();
        assertThat(out.toString()).contains("- cache-policy other");
    }

    @Test
    void aBadFileChangesNothing() throws Exception {
        Files.writeString(file, "{\"cachePolicies\": [{\"name\": \"a\", \"minTTL\": -1}], \"more\": 1}");

        assertThat(run("apply", file())).isEqualTo(2);

        assertThat(err.toString()).contains("cachePolicies[0].minTTL: ").contains("more: unknown property");
        assertThat(api.get(api.admin(), "/api/v1/config").body()).doesNotContain("\"a\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # what is asked            | what is said
            ''                         | COMMAND: missing (expected: apply, diff or export)
            exprot                     | exprot: no such command (expected: apply, diff or export)
            apply                      | FILE: missing
            apply /none/there.json     | /none/there.json cannot be read
            export /none/there.json    | /none/there.json cannot be written
            diff FILE --bogus          | --bogus: no such option
            diff FILE --token-file /none/there | --token-file: /none/there cannot be read
            """)
    void whatIsAskedWronglyIsRefused(String arguments, String said) {
        var line = arguments.replace("FILE", file());

        assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(said);
    }

    @Test
    void nobodyThereIsSaid() {
        var command = ConfigMain.commandLine(Map.of()).setErr(new PrintWriter(err));

        assertThat(command.execute("export", "--control-plane", "http://127.0.0.1:1"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("http://127.0.0.1:1/api/v1/config cannot be reached");
        assertThat(command.execute("export", "--control-plane", "nowhere")).isEqualTo(2);
        assertThat(err.toString()).contains("--control-plane: nowhere (expected: http://HOST:PORT or https://…)");
        assertThat(command.execute("export", "--control-plane", "http://10.0.0.5:8070"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--control-plane: http://10.0.0.5:8070 is on another machine");
    }
}
