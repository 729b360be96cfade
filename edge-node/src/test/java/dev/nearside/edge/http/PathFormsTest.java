package dev.nearside.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathFormsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # as sent              | as matched          | ambiguous
        /                      | /                   | false
        /a/b.js                | /a/b.js             | false
        /.well-known/x         | /.well-known/x      | false
        /a/b/..                | /a/                 | false
        /a/../b                | /b                  | false
        /../../b               | /b                  | false
        /a/./b/.               | /a/b/               | false
        //a///b//              | /a/b/               | false
        ///                    | /                   | false
        /static/%61.js         | /static/a.js        | false
        /caf%c3%a9             | /caf%C3%A9          | false
        /a%20b                 | /a%20b              | false
        /a%3Ab%7E              | /a:b~               | false
        /a...b                 | /a...b              | false
        /static/%2e%2e/api     | /api                | true
        /static/..%2fapi       | /static/..%2Fapi    | true
        /a%5Cb                 | /a%5Cb              | true
        /a%2561                | /a%2561             | true
        /a;b.css               | /a;b.css            | true
        /a%3bb.css             | /a%3Bb.css          | true
        /a%0a.css              | /a%0A.css           | true
        /100%                  | /100%25             | true
        /%%61a                 | /%25aa              | true
        /100%zz                | /100%25zz           | true
        """)
    void hasOneFormToMatch(String raw, String normal, boolean ambiguous) {
        var forms = PathForms.of(raw).orElseThrow();

        assertThat(forms.raw()).isEqualTo(raw);
        assertThat(forms.normal()).isEqualTo(normal);
        assertThat(forms.ambiguous()).isEqualTo(ambiguous);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "*", "/a\\b", "/a\0b", "/a%00b", "/a\nb", "/a\u007f"})
    void isRefused(String raw) {
        assertThat(PathForms.of(raw)).isEmpty();
    }

    @Test
    void tellsWhatIsLeftIfTheOriginCutsAtAnEncodedDelimiter() {
        assertThat(PathForms.of("/user/me%3F.css").orElseThrow().cut()).contains("/user/me");
        assertThat(PathForms.of("/user/me%23.css").orElseThrow().cut()).contains("/user/me");
        assertThat(PathForms.of("/user/me.css").orElseThrow().cut()).isEmpty();
    }

    @Property
    void doesNotChangeOnceItIsNormal(@ForAll("paths") String raw) {
        var normal = PathForms.of(raw).orElseThrow().normal();

        assertThat(PathForms.normal(normal)).isEqualTo(normal);
        assertThat(normal)
                .startsWith("/")
                .doesNotContain("//")
                .doesNotContain("/./")
                .doesNotContain("/../");
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of("/", ".", "..", "a", "%61", "%2e", "%2F", "%c3%a9", "b", ";", "%", "é", "%41")
                .list()
                .ofMaxSize(12)
                .map(parts -> "/" + String.join("", parts));
    }
}
