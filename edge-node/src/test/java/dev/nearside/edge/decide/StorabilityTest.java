package dev.nearside.edge.decide;

import static dev.nearside.edge.decide.Heads.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorabilityTest {

    private static final Asked GET = new Asked("GET", true, false, false);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # rules     | status | what the origin said                 | verdict
        0/60/3600   | 200    | ''                                   | STORABLE
        0/60/3600   | 200    | set-cookie: a=1                      | STORABLE
        0/60/3600   | 203    | ''                                   | STORABLE
        0/60/3600   | 204    | ''                                   | STORABLE
        0/60/3600   | 300    | ''                                   | STORABLE
        0/60/3600   | 301    | ''                                   | STORABLE
        0/60/3600   | 302    | ''                                   | STORABLE
        0/60/3600   | 303    | ''                                   | STORABLE
        0/60/3600   | 307    | ''                                   | STATUS_WITHOUT_LIFETIME
        0/60/3600   | 308    | ''                                   | STATUS_WITHOUT_LIFETIME
        0/60/3600   | 307    | max-age=5                            | STORABLE
        0/60/3600   | 308    | public                               | STORABLE
        0/60/3600   | 201    | ''                                   | STATUS_WITHOUT_LIFETIME
        0/60/3600   | 299    | max-age=5                            | STORABLE
        0/60/3600   | 206    | max-age=5                            | STATUS_NOT_CACHEABLE
        0/60/3600   | 304    | max-age=5                            | STATUS_NOT_CACHEABLE
        0/60/3600   | 416    | max-age=5                            | STATUS_NOT_CACHEABLE
        0/60/3600   | 404    | ''                                   | STORABLE
        0/60/3600   | 410    | ''                                   | STORABLE
        0/0/3600    | 504    | ''                                   | STORABLE
        0/60/3600   | 400    | ''                                   | STATUS_WITHOUT_LIFETIME
        0/60/3600   | 403    | expires: 60s                         | STATUS_WITHOUT_LIFETIME
        0/60/3600   | 403    | max-age=5                            | STORABLE
        0/60/3600   | 415    | s-maxage=5                           | STORABLE
        0/60/3600   | 429    | ''                                   | STATUS_WITHOUT_LIFETIME
        0/60/3600   | 429    | expires: 60s                         | STORABLE
        0/60/3600   | 404    | max-age=0                            | NEVER_FRESH
        0/60/3600   | 200    | max-age=0                            | NEVER_FRESH
        0/60/3600   | 200    | max-age=0; etag: "a"                 | STORABLE
        0/60/3600   | 200    | max-age=0; last-modified: -60s       | STORABLE
        0/60/3600   | 200    | max-age=0, stale-if-error=5          | STORABLE
        0/60/3600   | 200    | max-age=0, stale-while-revalidate=5  | STORABLE
        0/60/3600   | 200    | max-age=0, stale-if-error=0          | NEVER_FRESH
        0/0/3600    | 200    | ''                                   | NEVER_FRESH
        1/60/3600   | 200    | max-age=0                            | STORABLE
        0/60/3600   | 200    | no-cache                             | NEVER_FRESH
        0/60/3600   | 200    | no-cache; etag: "a"                  | STORABLE
        0/60/3600   | 200    | no-store                             | NO_STORE
        0/60/3600   | 200    | no-store, max-age=60                 | NO_STORE
        0/60/3600   | 200    | private, max-age=60                  | PRIVATE
        0/60/3600   | 200    | private="x", max-age=60              | STORABLE
        0/60/3600m  | 200    | no-store                             | NO_STORE
        1/60/3600   | 200    | no-store                             | NO_STORE
        1/60/3600   | 200    | private                              | PRIVATE
        1/60/3600   | 200    | no-cache                             | STORABLE
        1/60/3600m  | 200    | no-store                             | STORABLE
        1/60/3600m  | 200    | private                              | STORABLE
        0/60/3600   | 200    | no-store, must-understand, max-age=5 | STORABLE
        0/60/3600   | 299    | no-store, must-understand, max-age=5 | NOT_UNDERSTOOD
        0/60/3600   | 299    | must-understand, max-age=5           | NOT_UNDERSTOOD
        0/60/3600   | 599    | must-understand, max-age=5           | NOT_UNDERSTOOD
        0/60/3600   | 404    | must-understand, max-age=5           | STORABLE
        0/60/3600   | 308    | must-understand, max-age=5           | STORABLE
        0/60/3600   | 599    | public; last-modified: -9s           | STATUS_WITHOUT_LIFETIME
        0/60/3600h  | 599    | public; last-modified: -9s           | STORABLE
        0/60/3600h  | 599    | last-modified: -9s                   | STATUS_WITHOUT_LIFETIME
        0/60/3600h  | 599    | public                               | STATUS_WITHOUT_LIFETIME
        0/60/3600h  | 405    | public; last-modified: -9s           | STATUS_WITHOUT_LIFETIME
        0/60/3600h  | 201    | last-modified: -9s                   | STATUS_WITHOUT_LIFETIME
        0/60/3600   | 599    | cdn-cache-control: public; expires: 9s | STATUS_WITHOUT_LIFETIME
        0/60/3600   | 200    | surrogate-control: no-store          | NO_STORE
        0/60/3600   | 200    | no-store; surrogate-control: max-age=5 | STORABLE
        0/60/3600   | 500    | no-store                             | NO_STORE
        0/60/3600   | 500    | private                              | PRIVATE
        0/60/3600   | 500    | no-cache                             | NO_CACHE
        0/60/3600m  | 500    | no-store                             | STORABLE
        0/60/3600m  | 504    | private                              | STORABLE
        0/60/3600m  | 501    | no-store                             | NO_STORE
        1/60/3600m  | 404    | no-store                             | NO_STORE
        1/60/3600m  | 404    | no-cache                             | NO_CACHE
        1/60/3600m  | 403    | no-store, max-age=5                  | NO_STORE
        0/60/3600   | 200    | vary: *                              | VARIES_ON_ANYTHING
        1/60/3600m  | 200    | vary: accept, *                      | VARIES_ON_ANYTHING
        0/60/3600   | 200    | vary: accept                         | STORABLE
        0/0/0       | 200    | max-age=5                            | CACHING_DISABLED
        """)
    void dependsOnTheResponse(String rules, int status, String said, String verdict) {
        assertThat(verdict(GET, rules, status, said)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # method | cacheable | ambiguous | authorized | what the origin said        | verdict
        POST     | false     | false     | false      | max-age=5                   | METHOD_NOT_CACHEABLE
        OPTIONS  | false     | false     | false      | max-age=5                   | METHOD_NOT_CACHEABLE
        OPTIONS  | true      | false     | false      | max-age=5                   | STORABLE
        HEAD     | true      | false     | false      | max-age=5                   | HEAD_HAS_NO_BODY
        GET      | true      | true      | false      | max-age=5                   | PATH_AMBIGUOUS
        GET      | true      | false     | true       | max-age=5                   | AUTHORIZED
        GET      | true      | false     | true       | public                      | STORABLE
        GET      | true      | false     | true       | s-maxage=5                  | STORABLE
        GET      | true      | false     | true       | must-revalidate, max-age=5  | STORABLE
        GET      | true      | false     | true       | proxy-revalidate, max-age=5 | AUTHORIZED
        """)
    void dependsOnTheRequest(
            String method, boolean cacheable, boolean ambiguous, boolean authorized, String said, String verdict) {
        var asked = new Asked(method, cacheable, ambiguous, authorized);

        assertThat(verdict(asked, "0/60/3600", 200, said)).isEqualTo(verdict);
    }

    @Test
    void keepsOnlyWhatMayBeShared() {
        var response = Headers.of(
                "Content-Type", "text/plain",
                "Set-Cookie", "a=1",
                "Connection", "X-Hop",
                "X-Hop", "1",
                "Keep-Alive", "5",
                "Transfer-Encoding", "chunked",
                "X-Mine", "1",
                "X-Fresh", "1",
                "Cache-Control", "max-age=5, private=\"X-Mine\", no-cache=\"X-Fresh\"",
                "Date", "Thu, 01 Jan 2026 12:00:00 GMT");

        assertThat(evaluate(GET, "0/60/3600", 200, response))
                .isInstanceOfSatisfying(
                        Storability.Storable.class,
                        storable -> assertThat(storable.head().headers())
                                .isEqualTo(Headers.of(
                                        "Content-Type",
                                        "text/plain",
                                        "Cache-Control",
                                        "max-age=5, private=\"X-Mine\", no-cache=\"X-Fresh\"",
                                        "Date",
                                        "Thu, 01 Jan 2026 12:00:00 GMT")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # rules    | what the origin said            | cookie stored
        0/60/3600  | max-age=5                       | false
        0/60/3600m | max-age=5                       | false
        0/60/3600c | max-age=5                       | true
        0/60/3600c | max-age=5, no-cache="Set-Cookie" | false
        0/60/3600c | max-age=5, private="Set-Cookie" | false
        """)
    void replaysCookiesOnlyWhereThePolicySaysSo(String rules, String said, boolean stored) {
        assertThat(evaluate(GET, rules, 200, Heads.headers(said).plus("Set-Cookie", "a=1")))
                .isInstanceOfSatisfying(
                        Storability.Storable.class,
                        storable -> assertThat(storable.head().headers().has("Set-Cookie"))
                                .isEqualTo(stored));
    }

    @Test
    void datesWhatTheOriginDidNotDate() {
        assertThat(evaluate(GET, "0/60/3600", 200, Headers.of("Date", "today")))
                .isInstanceOfSatisfying(
                        Storability.Storable.class,
                        storable -> assertThat(storable.head().headers())
                                .isEqualTo(Headers.of("Date", "Thu, 01 Jan 2026 12:00:00 GMT")));
    }

    private static String verdict(Asked asked, String rules, int status, String said) {
        return switch (evaluate(asked, rules, status, Heads.headers(said))) {
            case Storability.Storable _ -> "STORABLE";
            case Storability.NotStorable(var why) -> why.name();
        };
    }

    private static Storability evaluate(Asked asked, String rules, int status, Headers response) {
        return Storability.evaluate(asked, status, response, Heads.ttl(rules), NOON, NOON, LogPosition.NONE);
    }
}
