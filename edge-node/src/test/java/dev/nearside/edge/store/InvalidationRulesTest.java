package dev.nearside.edge.store;

import static dev.nearside.edge.store.Samples.invalidation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Tags;
import dev.nearside.edge.key.CacheKey.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvalidationRulesTest {

    private final InvalidationRules rules = new InvalidationRules(0x1234_5678_9abc_def1L);

    private boolean kills(Target target, LogPosition position) {
        return rules.judge(target, Tags.NONE, position) == InvalidationRules.DEAD;
    }

    private static Target target(String raw, String normal) {
        return new Target(Samples.SITE, raw, normal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # invalidated        | raw                | normal             | reached
        /a.jpg               | /a.jpg             | /a.jpg             | true
        /a.jpg               | /A.jpg             | /A.jpg             | false
        /a.jpg               | /a.jpg?x=1         | /a.jpg?x=1         | false
        /a.jpg?x=1           | /a.jpg?x=1         | /a.jpg?x=1         | true
        /a.jpg?x=1           | /a.jpg             | /a.jpg             | false
        /a.jpg?x=1           | /a.jpg?x=1&y=2     | /a.jpg?x=1&y=2     | false
        /a.jpg*              | /a.jpg?x=1         | /a.jpg?x=1         | true
        /a.jpg*              | /a.jpg             | /a.jpg             | true
        /a.jpg*              | /a.jp              | /a.jp              | false
        /images              | /images/           | /images/           | false
        /images/             | /images            | /images            | false
        /images/*            | /images/           | /images/           | true
        /images/*            | /images/x/y.png?z  | /images/x/y.png?z  | true
        /images/*            | /images            | /images            | false
        /*                   | /                  | /                  | true
        /*                   | /any?thing         | /any?thing         | true
        /a*b                 | /a*b               | /a*b               | true
        /a*b                 | /axb               | /axb               | false
        # forms of one path
        /static/a.js         | /static/%61.js     | /static/a.js       | true
        /static/a.js         | /static/%61.js     | /static/%61.js     | true
        /static/%61.js       | /static/a.js       | /static/a.js       | true
        /static/*            | /%73tatic/a.js     | /static/a.js       | true
        /static/*            | /x/../static/a.js  | /static/a.js       | true
        /x/../static/a.js    | /x/../static/a.js  | /static/a.js       | true
        /%c3%a9/*            | /%C3%A9/1          | /%C3%A9/1          | true
        /a%20b               | /a%20b             | /a%20b             | true
        /a%2                 | /a%2               | /a%2               | true
        /a%zz*               | /a%zz/1            | /a%zz/1            | true
        /x/../static/a.js    | /static/a.js       | /static/a.js       | true
        /static//./a.js      | /static/a.js       | /static/a.js       | true
        /x/../static/*       | /static/a.js       | /static/a.js       | true
        /static//im*         | /static/im.png     | /static/im.png     | true
        /images/.*           | /images/a.png      | /images/a.png      | false
        /images/.*           | /images/.well      | /images/.well      | true
        /a?u=/../b           | /a?u=/../b         | /a?u=/../b         | true
        /a?u=/../b           | /b                 | /b                 | false
        /a~b                 | /a%7Eb             | /a~b               | true
        /a%7eb               | /a~b               | /a~b               | true
        /a%2Fb               | /a%2fb             | /a%2Fb             | true
        /a%2A                | /a*                | /a*                | true
        /a%2A                | /axyz              | /axyz              | false
        /a**                 | /a*b               | /a*b               | true
        /a**                 | /axb               | /axb               | false
        /a.jpg?x=%C3%A9      | /a.jpg?x=%c3%a9    | /a.jpg?x=%c3%a9    | true
        /*                   | //x/../..          | /                  | true
        """)
    void reachesWhatThePathNames(String invalidated, String raw, String normal, boolean reached) {
        rules.apply(invalidation("e", 5, invalidated));

        assertThat(kills(target(raw, normal), new LogPosition("e", 4))).isEqualTo(reached);
        assertThat(kills(target(raw, normal), new LogPosition("e", 5))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # object's epoch | number | killed
        e                |      0 | true
        e                |      6 | true
        e                |      7 | false
        e                |     99 | false
        d                |      0 | false
        ''               |      0 | false
        """)
    void killsWhatIsOlderInTheSameEpoch(String epoch, long number, boolean killed) {
        rules.move(new LogPosition("e", 4), 4);
        rules.apply(invalidation("e", 7, "/a"));
        rules.apply(invalidation("e", 5, "/*"));

        assertThat(kills(target("/a", "/a"), new LogPosition(epoch, number))).isEqualTo(killed);
        assertThat(rules.position()).isEqualTo(new LogPosition("e", 7));
    }

    @Test
    void leavesOtherDistributionsAlone() {
        rules.apply(invalidation("e", 5, "/*"));

        assertThat(kills(new Target("D2", "/a", "/a"), new LogPosition("e", 1))).isFalse();
    }

    @Test
    void whatWasKilledInTheEpochBeforeStaysDead() {
        rules.move(new LogPosition("d", 1), 1);
        rules.apply(invalidation("d", 5, "/a"));
        rules.move(new LogPosition("e", 2), 2);

        assertThat(kills(target("/a", "/a"), new LogPosition("d", 4))).isTrue();
        assertThat(rules.proves(new LogPosition("d", 4))).isFalse();
        assertThat(rules.proves(new LogPosition("e", 1))).isFalse();
        assertThat(rules.proves(new LogPosition("e", 2))).isTrue();
    }

    @Test
    void aLogThatWasCutProvesNothingOlder() {
        rules.move(new LogPosition("e", 1), 1);
        rules.apply(invalidation("e", 2, "/a"));
        assertThat(rules.proves(new LogPosition("e", 1))).isTrue();

        rules.move(new LogPosition("e", 500), 500);
        assertThat(rules.proves(new LogPosition("e", 499))).isFalse();
        assertThat(kills(target("/a", "/a"), new LogPosition("e", 1))).isTrue();
    }

    @Test
    void anInvalidationOfAnUnknownEpochMovesThere() {
        rules.apply(invalidation("e", 9, "/a"));

        assertThat(rules.position()).isEqualTo(new LogPosition("e", 9));
        assertThat(rules.proves(new LogPosition("e", 8))).isFalse();
        assertThat(rules.proves(LogPosition.NONE)).isFalse();
    }

    @Test
    void aNodeAloneProvesEverything() {
        assertThat(rules.proves(LogPosition.NONE)).isTrue();
    }

    @Test
    void tellsManyPathsApart() {
        for (int i = 0; i < 20_000; i += 2) {
            rules.apply(invalidation("e", i + 1, "/exact/" + i, "/prefix/" + i + "/*"));
        }
        for (int i = 0; i < 20_000; i++) {
            var exact = target("/exact/" + i, "/exact/" + i);
            var prefix = target("/prefix/" + i + "/x", "/prefix/" + i + "/x");
            assertThat(kills(exact, new LogPosition("e", i))).isEqualTo(i % 2 == 0);
            assertThat(kills(prefix, new LogPosition("e", i))).isEqualTo(i % 2 == 0);
            assertThat(kills(prefix, new LogPosition("e", i + 1))).isFalse();
        }
    }
}
