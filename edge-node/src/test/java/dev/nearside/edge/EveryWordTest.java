package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.accept.Accepted;
import dev.nearside.edge.decide.CacheDecision;
import dev.nearside.edge.decide.Combination;
import dev.nearside.edge.decide.Storability;
import dev.nearside.edge.origin.OriginOutcome;
import dev.nearside.edge.respond.CacheStatus;
import dev.nearside.edge.route.Routed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every word that operators meet in `Cache-Status` and the log is in the documentation.
class EveryWordTest {

    static Stream<String> words() {
        var enums = Stream.of(
                        Accepted.Why.values(),
                        Routed.Why.values(),
                        CacheDecision.Why.values(),
                        Storability.Why.values(),
                        Combination.Why.values())
                .flatMap(Stream::of)
                .map(Enum::name);
        var failures = Stream.of(
                        new OriginOutcome.Unreachable("o", ""),
                        new OriginOutcome.TimedOut("o", OriginOutcome.Waiting.CONNECTION, Duration.ZERO),
                        new OriginOutcome.Untrusted("o", ""),
                        new OriginOutcome.Malformed("o", ""),
                        new OriginOutcome.Forbidden("o", ""),
                        new OriginOutcome.InTrouble("o", 500),
                        new OriginOutcome.Abandoned("o"))
                .map(OriginOutcome::wordOf);
        return Stream.concat(enums, failures).map(CacheStatus::token).distinct();
    }

    @ParameterizedTest
    @MethodSource("words")
    void isExplained(String word) throws IOException {
        assertThat(Files.readString(Path.of("../docs/edge/words.md"))).contains("`" + word + "`");
    }
}
