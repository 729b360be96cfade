package dev.nearside.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateTest {

    @TempDir
    private Path folder;

    @Test
    void isFineInANewDirectory() {
        assertThat(new State(folder.resolve("new/one")).problems(1 << 20, List.of("edge-1")))
                .isEmpty();
    }

    @Test
    void saysWhenItCannotBeWritten() throws Exception {
        var file = Files.createFile(folder.resolve("a-file"));

        assertThat(new State(file).problems(1 << 20, List.of("edge-1")))
                .singleElement()
                .asString()
                .contains("--data", file.toString(), "cannot be written");
    }

    @Test
    void saysWhenTheDiskIsTooSmall() {
        assertThat(new State(folder).problems(1L << 60, List.of("edge-1")))
                .singleElement()
                .asString()
                .contains("--data", "MB free", "--cache-disk");
    }

    @Test
    void keepsEnrolmentTokensToItsOwner() throws Exception {
        var state = new State(folder);
        state.keepEnrolmentToken("edge-1", "secret");

        assertThat(state.isEnrolled("edge-1")).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.enrolmentToken("edge-1"))))
                .isEqualTo("rw-------");
    }

    @Test
    void takesTheSitePortIntoTheDocument() throws Exception {
        var document = Demo.document(Path.of("demo/nearside.json").toAbsolutePath(), 12_345);

        assertThat(document.getJsonArray("distributions")
                        .getJsonObject(0)
                        .getJsonArray("origins")
                        .getJsonObject(0)
                        .getInt("httpPort"))
                .isEqualTo(12_345);
    }
}
