package dev.nearside.edge.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.policy.Policies;
import dev.nearside.model.snapshot.Snapshot;
import dev.nearside.model.snapshot.SnapshotVersion;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CurrentSnapshotTest {

    private static final Policies NO_POLICIES = new Policies(List.of(), List.of(), List.of());

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # number | content | the one that runs
        3        | a       | true
        4        | a       | false
        3        | b       | false
        """)
    void aSnapshotIsKnownByItsNumberAndItsContent(long number, String hash, boolean runs) {
        var snapshots = new CurrentSnapshot();
        snapshots.swap(new Snapshot(new SnapshotVersion(3), "a", List.of(), NO_POLICIES));

        assertThat(snapshots.runs(number, hash)).isEqualTo(runs);
    }
}
