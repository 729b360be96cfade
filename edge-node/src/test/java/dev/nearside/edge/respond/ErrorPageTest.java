package dev.nearside.edge.respond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.respond.ViewerHead.Part;
import dev.nearside.edge.route.Sites;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorPageTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # Accept                                                        | gets
        -                                                               | html
        ''                                                              | html
        */*                                                             | html
        text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | html
        application/json                                                | json
        application/problem+json                                        | json
        application/json, text/plain, */*                               | json
        Application/JSON                                                | json
        application/json;q=0.5, text/html;q=0.4                         | json
        application/json;q=0.4, text/html;q=0.5                         | html
        application/json;q=0.5, text/html                               | html
        application/json, text/html                                     | html
        text/html, application/json                                     | html
        application/*                                                   | json
        application/*;q=0.2, */*;q=0.1                                  | json
        application/json;q=0, */*                                       | html
        application/json;q=0                                            | html
        text/html;q=0, */*;q=0.1                                        | json
        text/*, application/json                                        | json
        text/*;q=0.9, application/json;q=0.8                            | html
        application/json ; charset=utf-8 ; q=0.9 , text/html;q=0.8      | json
        application/json;q=nonsense                                     | json
        application/json;q=0.1234, text/html;q=0.05                     | json
        application/json;q=2                                            | json
        text/jsonhtml                                                   | html
        image/png                                                       | html
        application/x-json                                              | html
        """)
    void theViewerGetsWhatItLikesToRead(String accept, String gets) {
        var page = ErrorPage.of(404, "req-1", accept.equals("-") ? Optional.empty() : Optional.of(accept));

        assertThat(page.contentType())
                .isEqualTo(gets.equals("json") ? "application/problem+json" : "text/html; charset=utf-8");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 405, 414, 416, 421, 431, 494, 500, 502, 503, 504, 508, 429, 599})
    void everyErrorIsReadableAndTellsNothingOfWhatLiesBehind(int status) {
        var html = ErrorPage.of(status, "req-1", Optional.empty()).body();
        var json =
                ErrorPage.of(status, "req-1", Optional.of("application/json")).body();

        assertThat(html).startsWith("<!doctype html>").contains(status + " ", "request req-1");
        assertThat(html.length()).isLessThan(1_000);
        assertThat(json).contains("\"status\": " + status, "\"requestId\": \"req-1\"", "\"title\": \"");
    }

    @Test
    void nobodyKeepsAnError() {
        var request = Sites.request("HEAD http://a.example/", "Accept", "application/json");
        var page = ErrorPage.of(504, "req-1", request.headers().first("Accept"));
        var head = ViewerHead.error(
                page, request, Optional.empty(), CacheStatus.refused("ORIGIN_TIMED_OUT"), "edge-1", Instant.EPOCH);

        assertThat(head.part()).isEqualTo(new Part.None());
        assertThat(head.headers())
                .isEqualTo(Headers.of(
                        "Content-Type", "application/problem+json",
                        "Cache-Control", "no-store",
                        "Content-Length", Integer.toString(page.body().length()),
                        "Date", "Thu, 01 Jan 1970 00:00:00 GMT",
                        "Server", "nearside",
                        "Via", "1.1 edge-1 (nearside)",
                        "X-Cache", "Error from nearside",
                        "Cache-Status", "nearside; detail=origin-timed-out",
                        "X-Nearside-Id", "req-1"));
    }
}
