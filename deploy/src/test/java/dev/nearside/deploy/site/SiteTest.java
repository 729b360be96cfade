package dev.nearside.deploy.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteTest {

    private static final Site SITE = Site.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @AfterAll
    static void stop() {
        HTTP.close();
        SITE.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # path                                | type                           | may be kept
        /                                     | text/html; charset=utf-8       | public, max-age=60
        /prints.html                          | text/html; charset=utf-8       | public, max-age=60
        /static/site.css                      | text/css; charset=utf-8        | public, max-age=86400
        /static/site.js                       | text/javascript; charset=utf-8 | public, max-age=86400
        /static/quiet.svg                     | image/svg+xml                  | public, max-age=86400
        /static/img/harbour.svg               | image/svg+xml                  | public, max-age=86400
        /static/video.bin                     | application/octet-stream       | public, max-age=86400
        /api/public/products?q=dusk&page=1    | application/json               | public, max-age=30
        /login                                | text/html; charset=utf-8       | private, no-store
        """)
    void saysHowLongEachKindMayBeKept(String path, String type, String cacheControl) throws Exception {
        var answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains(type);
        assertThat(answer.headers().firstValue("Cache-Control")).contains(cacheControl);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/static/site.css", "/static/video.bin", "/api/public/products?q=noon"})
    void saysNotModifiedToWhoHoldsTheSameVersion(String path) throws Exception {
        var tag = get(path).headers().firstValue("ETag").orElseThrow();
        var date = get(path).headers().firstValue("Last-Modified").orElseThrow();

        assertThat(get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(get(path, "If-None-Match", "\"other\", W/" + tag).statusCode())
                .isEqualTo(304);
        assertThat(get(path, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
        assertThat(get(path, "If-Modified-Since", date).statusCode()).isEqualTo(304);
        assertThat(get(path, "If-Modified-Since", "Wed, 31 Dec 2025 23:59:59 GMT")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void packsTextUnderATagOfItsOwn() throws Exception {
        var plain = get("/static/site.css");
        var packed = get("/static/site.css", "Accept-Encoding", "gzip");

        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(packed.headers().firstValue("Vary")).contains("Accept-Encoding");
        assertThat(packed.body().length).isLessThan(plain.body().length);
        assertThat(packed.headers().firstValue("ETag"))
                .isNotEqualTo(plain.headers().firstValue("ETag"));
    }

    @Test
    void cutsTheFilmWhereverItIsAsked() throws Exception {
        var whole = get("/static/video.bin");
        var part = get("/static/video.bin", "Range", "bytes=12345677-12445678");

        assertThat(whole.body()).hasSize(20_000_000);
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 12345677-12445678/20000000");
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole.body(), 12_345_677, 12_445_679));
        assertThat(get("/static/video.bin", "Range", "bytes=20000000-").statusCode())
                .isEqualTo(416);
    }

    @Test
    void givesExactlyAsManyBytesAsAreMeasured() throws Exception {
        assertThat(get("/static/sized/1024").body()).hasSize(1_024);
        assertThat(get("/static/sized/0").statusCode()).isEqualTo(404);
        assertThat(get("/static/sized/20000001").statusCode()).isEqualTo(404);
    }

    @Test
    void knowsItsVisitorsByTheirCookie() throws Exception {
        var login = HTTP.send(
                HttpRequest.newBuilder(at("/api/user/login"))
                        .POST(BodyPublishers.ofString("name=Ada"))
                        .build(),
                BodyHandlers.discarding());

        assertThat(login.statusCode()).isEqualTo(303);
        assertThat(login.headers().firstValue("Set-Cookie").orElseThrow()).startsWith("session=Ada;");
        assertThat(get("/api/user/me").statusCode()).isEqualTo(401);
        assertThat(new String(
                        get("/api/user/me", "Cookie", "session=Ada").body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"name\":\"Ada\"");
    }

    @Test
    void failsOnDemand() throws Exception {
        assertThat(get("/fail?status=503").statusCode()).isEqualTo(503);
        assertThat(get("/fail").statusCode()).isEqualTo(500);
    }

    @Test
    void streamsWithoutKnowingTheEnd() throws Exception {
        var answer = get("/stream?lines=3&ms=1");

        assertThat(answer.headers().firstValue("Content-Length")).isEmpty();
        assertThat(answer.body()).hasSize("line 1 of 3\n".length() * 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing.html", "/static/%2e%2e/logback.xml", "/static/img", "/STATIC/site.css"})
    void hasNothingElse(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void countsWhatItWasAskedFor() throws Exception {
        get("/about.html");
        get("/about.html?from=letter");

        assertThat(new String(get("/_origin/requests").body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"/about.html\":2");
    }

    private static URI at(String path) {
        return URI.create("http://127.0.0.1:" + SITE.port() + path);
    }

    private static HttpResponse<byte[]> get(String path, String... fields) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(at(path));
        if (fields.length > 0) request.headers(fields);
        return HTTP.send(request.build(), BodyHandlers.ofByteArray());
    }
}
