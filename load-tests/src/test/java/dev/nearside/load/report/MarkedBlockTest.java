package dev.nearside.load.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkedBlockTest {

    private static final MarkedBlock BLOCK = new MarkedBlock("comparison", "compare");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/comparison.md"})
    void replacesWhatIsBetweenTheMarksOfOurPagesAndNothingElse(String page) throws IOException {
        var before = Files.readString(Path.of("..").resolve(page));

        var after = BLOCK.replace(before, "| new |\n");

        assertThat(after).containsOnlyOnce("\n\n| new |\n\n<!-- end of comparison -->");
        assertThat(BLOCK.replace(after, "| newer |")).isEqualTo(after.replace("| new |", "| newer |"));
        assertThat(after).startsWith(before.substring(0, before.indexOf("<!-- comparison")));
        assertThat(after).endsWith(before.substring(before.indexOf("<!-- end of comparison")));
    }

    @Test
    void refusesAPageWithoutMarks() {
        assertThatThrownBy(() -> BLOCK.replace("# A page\n", "new"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("<!-- end of comparison -->");
    }
}
