package dev.nearside.control.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.fleet.Targets.Trial;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which snapshot an edge is to run.
class TargetsTest {
    private static final Targets EUROPE_FIRST =
            new Targets(6, Optional.of(new Trial(7, new Canaries.Labelled(Map.of("region", "eu", "tier", "small")))));

    @Test
    void allRunTheSameWithoutARollout() {
        var targets = new Targets(6, Optional.empty());

        assertThat(targets.of("any", Map.of())).isEqualTo(6);
        assertThat(targets.live()).containsExactly(6L);
        assertThat(targets.newest()).isEqualTo(6);
    }

    @Test
    void canariesCarryEveryLabel() {
        assertThat(EUROPE_FIRST.of("e", Map.of("region", "eu", "tier", "small", "rack", "4")))
                .isEqualTo(7);
        assertThat(EUROPE_FIRST.of("e", Map.of("region", "eu"))).isEqualTo(6);
        assertThat(EUROPE_FIRST.of("e", Map.of("region", "us", "tier", "small")))
                .isEqualTo(6);
        assertThat(EUROPE_FIRST.of("e", Map.of())).isEqualTo(6);
        assertThat(EUROPE_FIRST.live()).isEqualTo(Set.of(6L, 7L));
        assertThat(EUROPE_FIRST.newest()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # edges | per cent | canaries
                  1 |       50 |  1
                  2 |        1 |  1
                  2 |       50 |  1
                  2 |       99 |  1
                 10 |        1 |  1
                 10 |       25 |  3
                 10 |       99 |  9
               1000 |        5 | 50
            """)
    void aShareIsAsLargeAsAskedForButNeverNobodyNorAll(int count, int percent, int expected) {
        var edges = IntStream.range(0, count)
                .mapToObj(i -> UUID.nameUUIDFromBytes(new byte[] {(byte) i, (byte) (i >> 8)})
                        .toString())
                .toList();

        var share = Canaries.share(percent, edges);

        assertThat(edges.stream().filter(id -> share.has(id, Map.of()))).hasSize(expected);
    }

    @Test
    void aShareKnowsOfAnEdgeThatJoinsLater() {
        var before = List.of("a", "b", "c", "d");
        var share = Canaries.share(50, before);
        var after = IntStream.range(0, 1_000).mapToObj(i -> "joined-" + i).toList();

        assertThat(after.stream().filter(id -> share.has(id, Map.of())).count()).isBetween(1L, 999L);
        assertThat(share).isEqualTo(Canaries.share(50, List.of("d", "c", "b", "a")));
    }
}
