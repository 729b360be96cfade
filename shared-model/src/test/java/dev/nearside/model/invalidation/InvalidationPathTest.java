package dev.nearside.model.invalidation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.distribution.DistributionId;
import dev.nearside.model.invalidation.Invalidation.Effect;
import dev.nearside.model.invalidation.InvalidationPath.Exact;
import dev.nearside.model.invalidation.InvalidationPath.Prefix;
import dev.nearside.model.invalidation.InvalidationPath.Tag;
import dev.nearside.model.wire.feed.InvalidationMessage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvalidationPathTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        # line             | refused
        /                  | false
        /a,b               | false
        /#a                | false
        a                  | true
        *                  | true
        /a b               | true
        ` #a`              | true
        #                  | true
        #a                 | false
        #Product:42/*      | false
        ##                 | false
        #a,b               | true
        #a b               | true
        #é                 | true
        """)
    void aLineIsAPathOrATag(String line, boolean refused) {
        assertThat(InvalidationPath.problem(line).isPresent()).isEqualTo(refused);
    }

    @Test
    void lengthsEndWhereTheyAreSaidToEnd() {
        assertThat(InvalidationPath.problem("#" + "a".repeat(256))).isEmpty();
        assertThat(InvalidationPath.problem("#" + "a".repeat(257)))
                .hasValueSatisfying(why -> assertThat(why).contains("257 characters (expected: at most 256)"));
        assertThat(InvalidationPath.problem("/" + "a".repeat(3999))).isEmpty();
        assertThat(InvalidationPath.problem("/" + "a".repeat(4000))).isPresent();
    }

    @Test
    void aTagHasNoCaseAndNoWildcard() {
        assertThat(InvalidationPath.parse("#Product:*")).isEqualTo(new Tag("product:*"));
        assertThat(InvalidationPath.parse("#Product:*").written()).isEqualTo("#product:*");
        assertThat(InvalidationPath.parse("/Product/*")).isEqualTo(new Prefix("/Product/"));
        assertThat(InvalidationPath.parse("/#a")).isEqualTo(new Exact("/#a"));
    }

    @Test
    void whatSaysNothingOfSoftIsHard() {
        assertThat(message(null).effect()).isEqualTo(new Effect.Hard());
        assertThat(message(false).effect()).isEqualTo(new Effect.Hard());
        assertThat(message(true).effect()).isEqualTo(new Effect.Soft(NOON));
    }

    @Test
    void nothingIsStaleFromAMomentOnThatIsYetToCome() {
        assertThat(message(true).noLaterThan(NOON.plusMillis(1)).effect()).isEqualTo(new Effect.Soft(NOON));
        assertThat(message(true).noLaterThan(NOON.minusMillis(1)).effect())
                .isEqualTo(new Effect.Soft(NOON.minusMillis(1)));
        assertThat(message(false).noLaterThan(NOON.minusMillis(1)).effect()).isEqualTo(new Effect.Hard());
    }

    private static Invalidation message(@Nullable Boolean soft) {
        var said = new InvalidationMessage("e", 7, "i", "D1", List.of("/a"), NOON, soft);
        assertThat(said.invalidation().distribution()).isEqualTo(new DistributionId("D1"));
        return said.invalidation();
    }
}
