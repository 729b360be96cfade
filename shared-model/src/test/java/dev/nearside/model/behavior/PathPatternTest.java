package dev.nearside.model.behavior;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # pattern         | path                            | matches
            *                 | /                               | true
            *                 | /a/b                            | true
            /static/*         | /static/a.css                   | true
            /static/*         | /static/                        | true
            /static/*         | /static                         | false
            static/*          | /static/a/b.css                 | true
            images/*.jpg      | /images/a/b.jpg                 | true
            *.jpg             | /LOGO.JPG                       | false
            *.jpg             | /x/logo.jpg                     | true
            *product.jpg      | /product.jpg                    | true
            a*.jpg            | /apple.jpg                      | true
            a*.jpg            | /abra/cadabra/magic.jpg         | true
            a*.jpg            | /x/a.jpg                        | false
            /a?c              | /abc                            | true
            /a?c              | /ac                             | false
            /a?c              | /a/c                            | true
            /a*b*c            | /a1b2b3c                        | true
            /a*b*c            | /a1b2b3                         | false
            /**               | /a                              | true
            /a                | /a                              | true
            /a                | /ab                             | false
            """)
    void matchesAsTheReferenceSays(String pattern, String path, boolean matches) {
        assertThat(new PathPattern(pattern).matches(path)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /ok/*.~$&'+:@  |
            /a b           | found ' '
            /a%20b         | found '%'
            /ä             | found 'ä'
            ''             | expected: a path pattern
            """)
    void refusesWhatTheReferenceDoesNotAllow(String pattern, String problem) {
        if (problem == null) assertThat(PathPattern.problem(pattern)).isEmpty();
        else
            assertThat(PathPattern.problem(pattern))
                    .hasValueSatisfying(said -> assertThat(said).contains(problem));
    }

    @Property(tries = 2000)
    boolean agreesWithANaiveMatcher(
            @ForAll
                    @StringLength(max = 8)
                    @CharRange(from = '*', to = '*')
                    @CharRange(from = 'a', to = 'b')
                    @CharRange(from = '?', to = '?')
                    String tail,
            @ForAll @StringLength(max = 10) @CharRange(from = 'a', to = 'b') String path) {
        return new PathPattern("/" + tail).matches("/" + path) == naive("/" + tail, "/" + path);
    }

    private static boolean naive(String pattern, String path) {
        if (pattern.isEmpty()) return path.isEmpty();
        if (pattern.charAt(0) == '*') {
            return naive(pattern.substring(1), path) || !path.isEmpty() && naive(pattern, path.substring(1));
        }
        if (path.isEmpty()) return false;
        return (pattern.charAt(0) == '?' || pattern.charAt(0) == path.charAt(0))
                && naive(pattern.substring(1), path.substring(1));
    }
}
