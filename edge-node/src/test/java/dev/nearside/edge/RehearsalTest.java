package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {

    /// It throws if a viewer was not told what the play says.
    @Test
    void aNodeStoresAndAnswersFromDiskInItsNextLife(@TempDir Path folder) throws Exception {
        Rehearsal.main(folder.toString());

        assertThat(folder.resolve("edge").resolve("cache")).isDirectory();
    }
}
