package dev.nearside.edge.store.offheap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearside.edge.file.ReadOnlyDisk;
import dev.nearside.edge.key.CacheKey.Digest;
import dev.nearside.edge.store.evict.Goal;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that takes no changes from the start; `nearside verify --disk` has a real one.
class UnusableDiskTest {

    private static final Digest DIGEST = new Digest(1, 2);

    @TempDir
    Path directory = Path.of("");

    @Test
    void aTierOnItHoldsNothingTakesNothingAndSaysSo() throws IOException {
        try (var tier = DiskTier.unusable(directory, 12L << 20, 2, Goal.ORIGIN_REQUESTS)) {
            assertThat(tier.isRecovered()).as("nobody waits for it").isTrue();
            assertThat(tier.mayHold(DIGEST)).isFalse();
            assertThat(tier.mayStore(DIGEST, 1)).isFalse();
            assertThat(tier.find(DIGEST, new byte[] {1})).isEmpty();
            var draft = tier.draft(DIGEST);
            assertThat(draft.reserve(10_000, 10_000)).isFalse();
            draft.release();
            tier.forget(DIGEST);
            tier.erase(DIGEST);
            tier.tidy(Duration.ZERO);
            assertThat(tier.state().unusable()).isEqualTo(2);
            assertThat(tier.state().failures()).isEqualTo(2);
        }
        assertThat(directory).as("which is not even tried").isEmptyDirectory();
    }

    /// What an operator got wrong is refused, as ever.
    @Test
    void aFolderThatWasBadlyChosenIsNoSuchDisk() throws IOException {
        var file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> DiskTier.open(file, 12L << 20, 2)).hasMessageContaining("can be written to");
        assertThatThrownBy(() -> DiskTier.open(file.resolve("below"), 12L << 20, 2))
                .hasMessageContaining("can be written to");
        assertThat(ReadOnlyDisk.isWhy(new AccessDeniedException("for this user"), directory))
                .isFalse();
    }
}
