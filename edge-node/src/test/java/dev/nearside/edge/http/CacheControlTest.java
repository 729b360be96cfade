package dev.nearside.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheControlTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        # what was said                      | seconds
        max-age=10                           | 10
        Max-Age=10                           | 10
        max-age="10"                         | 10
        max-age=0010                         | 10
        public,max-age=10 , foo              | 10
        foo="max-age=99", max-age=10         | 10
        foo="a\\"b,max-age=99", max-age=10    | 10
        max-age=10, s-maxage=20              | 20
        max-age=99999999999999999999999      | 2147483648
        max-age=10, max-age=5                | 5
        max-age=5, max-age=10                | 5
        max-age                              | 0
        max-age=                             | 0
        max-age=-1                           | 0
        max-age=1.5                          | 0
        max-age=100a                         | 0
        max-age='10'                         | 0
        max-age =10                          | 0
        max-age= 10                          | 0
        """)
    void tellsALifetimeInSeconds(String said, long seconds) {
        assertThat(CacheControl.parse(said).lifetime()).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void readsItsFlags() {
        var all = CacheControl.parse(
                "no-store, no-cache, private, public, must-revalidate, proxy-revalidate, no-transform, must-understand");

        assertThat(all.noStore() && all.noCache() && all.isPrivate() && all.isPublic())
                .isTrue();
        assertThat(all.mustRevalidate() && all.proxyRevalidate() && all.noTransform() && all.mustUnderstand())
                .isTrue();
        assertThat(CacheControl.parse("NO-STORE=1").noStore()).isTrue();
        assertThat(CacheControl.parse(" , ,").said()).isFalse();
    }

    @Test
    void limitsNoCacheAndPrivateToTheNamedFields() {
        var control = CacheControl.parse("no-cache=\"Set-Cookie, X-A\", private=X-B");

        assertThat(control.noCache()).isFalse();
        assertThat(control.noCacheFields()).containsExactlyInAnyOrder("set-cookie", "x-a");
        assertThat(control.isPrivate()).isFalse();
        assertThat(control.privateFields()).containsExactly("x-b");
        assertThat(CacheControl.parse("no-cache=\"\"").noCache()).isTrue();
        assertThat(CacheControl.parse("no-cache=\"X-A\", no-cache").noCache()).isTrue();
    }

    @Test
    void listensToTheTargetedFieldAlone() {
        var control = CacheControl.of(Headers.of(
                "Cache-Control", "no-store", "CDN-Cache-Control", "max-age=60;a=1, foo=(a \"b\");c, stale-if-error=5"));

        assertThat(control.targeted()).isTrue();
        assertThat(control.noStore()).isFalse();
        assertThat(control.maxAge()).contains(Duration.ofSeconds(60));
        assertThat(control.staleIfError()).contains(Duration.ofSeconds(5));
    }

    @Test
    void takesTheLastOfEqualTargetedNames() {
        assertThat(targeted("max-age=1, max-age=60").maxAge()).contains(Duration.ofSeconds(60));
        assertThat(targeted("no-store, no-store=?0, max-age=60").noStore()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "max-age=60,",
                "max-age=60, &&",
                "max-age=\"60\"",
                "max-age=60.5",
                "max-age=-1",
                "max-age",
                "max-age=a",
                "MAX-AGE=60",
                "max-age = 60",
                "no-store=1",
                "max-age=60, x=\"é\"",
                "max-age=60 no-store",
                "x=:a",
                "x=(1",
                "x=1234567890123456"
            })
    void fallsBackToCacheControlWhereTheTargetedFieldIsMalformed(String malformed) {
        assertThat(targeted(malformed).lifetime()).contains(Duration.ofSeconds(7));
    }

    @Property
    void readsAnythingWithoutComplaint(@ForAll String text) {
        assertThat(CacheControl.parse(text)).isNotNull();
        assertThat(TargetedField.parse(text)).isNotNull();
        assertThat(HttpDate.parse(text)).isNotNull();
        assertThat(EntityTag.list(text)).isNotNull();
        assertThat(ByteRange.parse(text)).isNotNull();
        assertThat(Cookies.of(Headers.of("Cookie", text))).isNotNull();
        assertThat(PathForms.of("/" + text)).isNotNull();
        assertThat(QueryString.select(Optional.of(text), _ -> true)).isNotNull();
    }

    private static CacheControl targeted(String text) {
        return CacheControl.of(Headers.of("Cache-Control", "max-age=7", "CDN-Cache-Control", text));
    }
}
