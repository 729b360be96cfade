package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.ScriptedOrigin.Say;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.viewer.AddressFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What viewers, keys and origins get to see of the facts about a viewer: a real edge, a scripted origin, a small
/// database of addresses.
class ViewerScenarioTest {

    private static final String PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
            + " (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
    private static final String OTHER_PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36"
            + " (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";
    private static final String DESKTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";

    @TempDir
    static Path folder;

    private static final ScriptedOrigin ORIGIN = new ScriptedOrigin();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static Edge edge;

    /// One edge for all, since getting ready to tell devices takes seconds; so each test has a path of its own.
    @BeforeAll
    static void start() throws IOException {
        var countries = folder.resolve("countries.mmdb");
        new AddressFile("GeoLite2-Country")
                .with("127.0.0.0/8", AddressFile.place("AT", "Austria"))
                .write(countries);
        Files.writeString(folder.resolve("nearside.json"), configuration(ORIGIN.port()));
        edge = SmallNode.in(folder).knowing(countries).start();
    }

    @AfterAll
    static void stop() {
        edge.close();
        ORIGIN.close();
        CLIENT.close();
    }

    @Test
    void devicesShareOrNotAsTheirKindIs() throws Exception {
        ORIGIN.on("/device/a", Say.ok("a", "Cache-Control", "max-age=60", "Vary", "User-Agent"));

        var first = get("/device/a", "User-Agent", PHONE);
        get("/device/a", "User-Agent", DESKTOP);
        var third = get("/device/a", "User-Agent", OTHER_PHONE);

        assertThat(xCache(third)).isEqualTo("Hit from nearside");
        assertThat(first.headers().firstValue("Vary")).contains("User-Agent");
        assertThat(ORIGIN.trips("/device/a"))
                .extracting(trip -> trip.headers().first("CloudFront-Is-Mobile-Viewer"))
                .containsExactly(Optional.of("true"), Optional.of("false"));
    }

    @Test
    void aForgedFactIsDropped() throws Exception {
        ORIGIN.on("/device/b", Say.ok("b", "Cache-Control", "max-age=60"));
        ORIGIN.on("/all/b", Say.ok("b", "Cache-Control", "max-age=60"));

        get(
                "/device/b",
                "User-Agent",
                DESKTOP,
                "CloudFront-Is-Mobile-Viewer",
                "true",
                "cloudfront-viewer-city",
                "Rome");
        get("/all/b", "User-Agent", DESKTOP, "CloudFront-Is-Mobile-Viewer", "true", "CLOUDFRONT-Made-Up", "1");

        var device = ORIGIN.trips("/device/b").getFirst().headers();
        assertThat(device.all("CloudFront-Is-Mobile-Viewer")).containsExactly("false");
        assertThat(device.has("CloudFront-Viewer-City")).isFalse(); // listed, but nothing is known of it
        assertThat(facts(ORIGIN.trips("/all/b").getFirst().headers())).isEmpty();
    }

    @Test
    void factsForTheOriginAloneAreNotKeyed() throws Exception {
        ORIGIN.on("/told/c", Say.ok("c", "Cache-Control", "max-age=60"));

        get("/told/c", "User-Agent", PHONE);
        var second = get("/told/c", "User-Agent", DESKTOP);

        assertThat(xCache(second)).isEqualTo("Hit from nearside");
        var told = ORIGIN.trips("/told/c").getFirst().headers();
        assertThat(told.first("CloudFront-Is-IOS-Viewer")).contains("true");
        assertThat(told.first("CloudFront-Viewer-Country")).contains("AT");
        assertThat(told.first("CloudFront-Viewer-Address").orElseThrow()).matches("127\\.0\\.0\\.1:\\d+");
        assertThat(told.first("CloudFront-Forwarded-Proto")).contains("http");
        assertThat(told.first("CloudFront-Viewer-Http-Version")).contains("1.1");
        assertThat(told.has("CloudFront-Viewer-TLS")).isFalse();
        assertThat(told.has("CloudFront-Viewer-ASN")).isFalse();
    }

    @Test
    void varyWorksOverFactsThatAreNotKeyed() throws Exception {
        ORIGIN.on("/told/d", Say.ok("d", "Cache-Control", "max-age=60", "Vary", "CloudFront-Is-Mobile-Viewer"));

        get("/told/d", "User-Agent", PHONE);
        var second = get("/told/d", "User-Agent", DESKTOP);
        var third = get("/told/d", "User-Agent", OTHER_PHONE);

        assertThat(xCache(second)).isEqualTo("Miss from nearside");
        assertThat(xCache(third)).isEqualTo("Hit from nearside");
        assertThat(third.headers().firstValue("Vary")).contains("CloudFront-Is-Mobile-Viewer");
    }

    @Test
    void factsAreToldOnceHoweverOftenARequestLooks() throws Exception {
        ORIGIN.on("/told/e", Say.ok("e", "Cache-Control", "private"));

        var answers = IntStream.range(0, 20)
                .mapToObj(_ -> CLIENT.sendAsync(request("/told/e").build(), HttpResponse.BodyHandlers.ofString()))
                .toList();
        for (var answer : answers) assertThat(answer.join().statusCode()).isEqualTo(200);

        assertThat(ORIGIN.trips("/told/e"))
                .isNotEmpty()
                .allSatisfy(trip -> assertThat(trip.headers().all("CloudFront-Forwarded-Proto"))
                        .hasSize(1));
    }

    @Test
    void allViewerExceptHostCarriesFactsToo() throws Exception {
        ORIGIN.on("/except/f", Say.ok("f", "Cache-Control", "max-age=60"));

        get("/except/f", "User-Agent", DESKTOP, "X-Mine", "1");

        var told = ORIGIN.trips("/except/f").getFirst().headers();
        assertThat(told.first("Host")).contains("127.0.0.1:" + ORIGIN.port());
        assertThat(told.first("X-Mine")).contains("1");
        assertThat(facts(told))
                .contains("cloudfront-is-desktop-viewer", "cloudfront-viewer-country", "cloudfront-forwarded-proto")
                .doesNotContain("cloudfront-viewer-address", "cloudfront-viewer-header-order");
    }

    private static List<String> facts(Headers headers) {
        return headers.fields().stream()
                .map(field -> field.name().toLowerCase(Locale.ROOT))
                .filter(name -> name.startsWith("cloudfront-"))
                .toList();
    }

    private static String xCache(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-Cache").orElse("");
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return CLIENT.send(request(path).headers(headers).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    private static String configuration(int port) {
        return """
                {"cachePolicies": [{"name": "by-device", "minTTL": 0, "defaultTTL": 60, "maxTTL": 3600,
                   "headersConfig": {"headerBehavior": "whitelist",
                     "headers": ["CloudFront-Is-Mobile-Viewer", "CloudFront-Viewer-City"]}}],
                 "originRequestPolicies": [{"name": "tell", "headersConfig": {
                   "headerBehavior": "allViewerAndWhitelistCloudFront",
                   "headers": ["CloudFront-Is-IOS-Viewer", "CloudFront-Is-Mobile-Viewer", "CloudFront-Viewer-Country",
                     "CloudFront-Viewer-Address", "CloudFront-Forwarded-Proto", "CloudFront-Viewer-Http-Version",
                     "CloudFront-Viewer-TLS", "CloudFront-Viewer-ASN"]}}],
                 "distributions": [{"name": "demo", "enabled": true, "aliases": ["127.0.0.1"], "origins": [%s],
                  "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "CachingOptimized"},
                  "cacheBehaviors": [
                    {"pathPattern": "/device/*", "targetOriginId": "site", "cachePolicyId": "by-device"},
                    {"pathPattern": "/all/*", "targetOriginId": "site", "cachePolicyId": "CachingOptimized",
                      "originRequestPolicyId": "AllViewer"},
                    {"pathPattern": "/told/*", "targetOriginId": "site", "cachePolicyId": "CachingOptimized",
                      "originRequestPolicyId": "tell"},
                    {"pathPattern": "/except/*", "targetOriginId": "site", "cachePolicyId": "CachingOptimized",
                      "originRequestPolicyId": "AllViewerExceptHostHeader"}]}]}
                """.formatted(origin(port));
    }

    private static String origin(int port) {
        return "{\"id\": \"site\", \"domainName\": \"127.0.0.1\", \"httpPort\": %d, \"originProtocolPolicy\": \"http-only\"}"
                .formatted(port);
    }
}
