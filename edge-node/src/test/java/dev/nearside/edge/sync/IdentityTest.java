package dev.nearside.edge.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.feed.Enrolled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {

    @TempDir
    Path folder;

    @Test
    void whatWasSavedIsRead() throws IOException {
        var identity = new Identity(folder.resolve("identity.json"));
        assertThat(identity.load()).isEmpty();

        identity.save(new Enrolled("id", "edge-1", "secret"));

        assertThat(identity.load()).contains(new Enrolled("id", "edge-1", "secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null", "{\"edgeId\": \"id\", \"name\": \"n\"}", "{\"edgeId\": "})
    void aDamagedFileIsNamed(String content) throws IOException {
        var path = folder.resolve("identity.json");
        Files.writeString(path, content);

        assertThatThrownBy(() -> new Identity(path).load())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("identity.json is damaged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null", "{\"version\": 1}", "{\"version\": 1, \"hash\": \"x\"}"})
    void aDamagedSnapshotIsRefused(String content) throws IOException {
        var path = folder.resolve("snapshot.json");
        Files.writeString(path, content);

        assertThat(new SnapshotFile(path).load().orElseThrow()).isInstanceOf(Checked.Invalid.class);
    }
}
