package dev.nearside.load.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkedBlockTest {

    @ParameterizedTest
    @CsvSource({
        "README.md, comparison, compare",
        "docs/comparison.md, comparison, compare",
        "docs/benchmarks.md, benchmarks, bench"
    })
    void replacesWhatIsBetweenTheMarksOfOurPagesAndNothingElse(String page, String subject, String command)
            throws IOException {
        var block = new MarkedBlock(subject, command);
        var before = Files.readString(Path.of("..").resolve(page));

        var after = block.replace(before, "| new |\n");

        assertThat(after).containsOnlyOnce("\n\n| new |\n\n<!-- end of " + subject + " -->");
        assertThat(block.replace(after, "| newer |")).isEqualTo(after.replace("| new |", "| newer |"));
        assertThat(after).startsWith(before.substring(0, before.indexOf("<!-- " + subject)));
        assertThat(after).endsWith(before.substring(before.indexOf("<!-- end of " + subject)));
    }

    @Test
    void refusesAPageWithoutMarks() {
        assertThatThrownBy(() -> new MarkedBlock("comparison", "compare").replace("# A page\n", "new"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("<!-- end of comparison -->");
    }
}
