package dev.nearside.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.route.Fact;
import dev.nearside.edge.route.Sites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewerFactsTest {

    private static final Map<String, Object> TOKYO = tokyo();

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static ViewerFacts facts;

    @BeforeAll
    static void open() throws IOException {
        var cities = shared.resolve("cities.mmdb");
        new AddressFile("GeoLite2-City")
                .with("192.0.2.0/24", TOKYO)
                .with("198.51.100.0/25", AddressFile.place("CI", "Côte d'Ivoire 100%"))
                .with("2001:db8::/32", AddressFile.place("AT", "Austria"))
                .write(cities);
        var networks = shared.resolve("networks.mmdb");
        new AddressFile("GeoLite2-ASN")
                .with("192.0.2.0/24", Map.of("autonomous_system_number", 64_500))
                .write(networks);
        facts = ViewerFacts.open(Optional.of(cities), Optional.of(networks), shared);
    }

    @AfterAll
    static void close() {
        facts.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # fact          | value
        ADDRESS         | 192.0.2.7:4711
        ASN             | 64500
        COUNTRY         | JP
        COUNTRY_NAME    | Japan
        REGION          | 13
        REGION_NAME     | T%C5%8Dky%C5%8D
        CITY            | Chiyoda
        LATITUDE        | 35.6895
        LONGITUDE       | -0.00001
        METRO_CODE      | 501
        POSTAL_CODE     | 102-8578
        TIME_ZONE       | Asia/Tokyo
        HEADER_ORDER    | Host:x-B:Accept:x-B
        HEADER_COUNT    | 4
        TLS             | TLSv1.3:TLS_AES_128_GCM_SHA256:fullHandshake
        FORWARDED_PROTO | https
        HTTP_VERSION    | 1.1
        IS_DESKTOP      | true
        IS_MOBILE       | false
        """)
    void whatIsKnownIsToldInAHeader(Fact fact, String value) {
        var request =
                Sites.request("GET https://a.example/", "Host", "a.example", "x-B", "1", "Accept", "*/*", "x-B", "2");

        assertThat(told(facts, request, fact)).isEqualTo(Optional.ofNullable(value));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # address             | country | country's name
        192.0.2.0             | JP      | Japan
        192.0.2.255           | JP      | Japan
        192.0.3.0             | -       | -
        198.51.100.127        | CI      | C%C3%B4te d'Ivoire 100%25
        198.51.100.128        | -       | -
        2001:db8::1           | AT      | Austria
        2001:db9::1           | -       | -
        ::ffff:192.0.2.1      | JP      | Japan
        fe80::1%lo            | -       | -
        ''                    | -       | -
        a.example             | -       | -
        """)
    void addressesAreLookedUp(String address, String country, String name) {
        assertThat(facts.country(address)).isEqualTo(Optional.ofNullable(country));
        assertThat(told(facts, from(address), Fact.COUNTRY)).isEqualTo(Optional.ofNullable(country));
        assertThat(told(facts, from(address), Fact.COUNTRY_NAME)).isEqualTo(Optional.ofNullable(name));
    }

    @Test
    void nothingIsKnownWithoutDatabases() throws IOException {
        try (var ignorant = ViewerFacts.open(Optional.empty(), Optional.empty(), folder)) {
            assertThat(ignorant.country("192.0.2.7")).isEmpty();
            assertThat(told(ignorant, from("192.0.2.7"), Fact.CITY)).isEmpty();
            assertThat(told(ignorant, from("192.0.2.7"), Fact.ASN)).isEmpty();
        }
    }

    @Test
    void clearTextHasNoTls() {
        var viewer = new Viewer(Sites.request("GET http://a.example/"), Optional::empty);

        assertThat(facts.told(Sites.route(Sites.KEY_OF_PATH, Sites.SENDS_NOTHING, viewer.request()), all(), viewer)
                        .join()
                        .request()
                        .headers()
                        .first(Fact.TLS.header()))
                .isEmpty();
    }

    @Test
    void aLongOrderOfHeadersIsCut() {
        var names = new String[4_000];
        Arrays.fill(names, "X-Abc");
        var order = told(facts, Sites.request("GET http://a.example/", names), Fact.HEADER_ORDER)
                .orElseThrow();

        assertThat(order).hasSize(7_680).startsWith("X-Abc:X-Abc:");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # android, desktop, ios, mobile, tv, tablet | User-Agent
        d     | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36
        d     | Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15
        d     | Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0
        d     | curl/8.5.0
        d     | Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)
        d     | Custom User Agent String
        d     | -
        d     | ''
        im    | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1
        imt   | Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1
        am    | Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36
        am    | Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36
        amt   | Mozilla/5.0 (Linux; Android 13; SM-X900) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36
        s     | Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) Version/6.0 TV Safari/537.36
        s     | Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.79 Safari/537.36 WebAppManager
        as    | Mozilla/5.0 (Linux; Android 9; AFTS Build/PS7233) AppleWebKit/537.36 (KHTML, like Gecko) Silk/108.4.4 like Chrome/108.0.5359.160 Safari/537.36
        s     | Roku/DVP-9.10 (519.10E04111A)
        """)
    void devicesAreToldByTheirUserAgent(String letters, String userAgent) {
        var request = userAgent == null
                ? Sites.request("GET http://a.example/")
                : Sites.request("GET http://a.example/", "User-Agent", userAgent);
        var told = told(facts, request, all());

        var expected = new LinkedHashMap<Fact, String>();
        expected.put(Fact.IS_ANDROID, "a");
        expected.put(Fact.IS_DESKTOP, "d");
        expected.put(Fact.IS_IOS, "i");
        expected.put(Fact.IS_MOBILE, "m");
        expected.put(Fact.IS_SMART_TV, "s");
        expected.put(Fact.IS_TABLET, "t");
        expected.forEach((fact, letter) -> assertThat(told.first(fact.header()))
                .as(fact.header())
                .contains(Boolean.toString(letters.contains(letter))));
    }

    @Test
    void aHostileUserAgentIsJudgedByItsBeginning() {
        var phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
                + " Version/17.5 Mobile/15E148 Safari/604.1 ";
        for (var end : List.of("(".repeat(30_000), "x; ".repeat(10_000), "\u00e4\u20ac".repeat(9_000))) {
            var request = Sites.request("GET http://a.example/", "User-Agent", phone + end);
            assertThat(told(facts, request, Fact.IS_IOS)).isPresent();
        }
    }

    @Test
    void aReplacedDatabaseIsTakenAndABadOneIsNot() throws IOException {
        var file = folder.resolve("countries.mmdb");
        new AddressFile("GeoLite2-Country")
                .with("192.0.2.0/24", AddressFile.place("DE", "Germany"))
                .write(file);
        try (var following = ViewerFacts.open(Optional.of(file), Optional.empty(), folder)) {
            assertThat(following.country("192.0.2.7")).contains("DE");

            // Overwritten in place while it is mapped: the worst that an operator can do to it.
            Files.write(file, new byte[] {1, 2, 3}, StandardOpenOption.TRUNCATE_EXISTING);
            following.reload();
            assertThat(following.country("192.0.2.7")).contains("DE");
            assertThat(following.country("192.0.2.8")).contains("DE");

            Files.delete(file);
            following.reload();
            assertThat(following.country("192.0.2.9")).contains("DE");

            new AddressFile("GeoLite2-Country")
                    .with("192.0.2.0/24", AddressFile.place("FR", "France"))
                    .write(file);
            following.reload();
            assertThat(following.country("192.0.2.7")).contains("FR");
        }
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void aBadDatabaseIsRefusedAtTheStart() throws IOException {
        var missing = folder.resolve("missing.mmdb");
        var text = Files.writeString(folder.resolve("text.mmdb"), "no database");
        var asn = folder.resolve("asn.mmdb");
        new AddressFile("GeoLite2-ASN").with("192.0.2.0/24", Map.of()).write(asn);

        for (var bad : List.of(missing, text, asn, folder)) {
            assertThatThrownBy(() -> ViewerFacts.open(Optional.of(bad), Optional.empty(), folder))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("--geoip: " + bad + " ")
                    .hasMessageEndingWith("(expected: a City or Country database in MaxMind's format)");
        }
        assertThatThrownBy(() -> ViewerFacts.open(Optional.empty(), Optional.of(text), folder))
                .hasMessageStartingWith("--geoip-asn: " + text + " is no such database (expected: an ASN database");
    }

    private static Optional<String> told(ViewerFacts facts, ViewerRequest request, Fact fact) {
        return told(facts, request, List.of(fact)).first(fact.header());
    }

    private static Headers told(ViewerFacts facts, ViewerRequest request, List<Fact> wanted) {
        var route = Sites.route(Sites.KEY_OF_PATH, Sites.SENDS_NOTHING, request);
        var viewer = new Viewer(request, () -> Optional.of("TLSv1.3:TLS_AES_128_GCM_SHA256:fullHandshake"));
        var headers = facts.told(route, wanted, viewer).join().request().headers();
        int before = request.headers().fields().size();
        assertThat(headers.fields().subList(0, before))
                .isEqualTo(request.headers().fields());
        return headers;
    }

    private static List<Fact> all() {
        return List.of(Fact.values());
    }

    private static ViewerRequest from(String address) {
        return new ViewerRequest(
                "GET", "http", "a.example", "/", Optional.empty(), Headers.EMPTY, "1.1", address, 1, "id");
    }

    private static Map<String, Object> tokyo() {
        var place = AddressFile.place("JP", "Japan");
        place.put(
                "subdivisions",
                List.of(
                        Map.of("iso_code", "13", "names", Map.of("en", "Tōkyō")),
                        Map.of("iso_code", "XX", "names", Map.of("en", "a ward"))));
        place.put("city", Map.of("names", Map.of("en", "Chiyoda", "ja", "千代田区")));
        place.put(
                "location",
                Map.of(
                        "latitude",
                        35.6895,
                        "longitude",
                        -0.00001,
                        "metro_code",
                        (short) 501,
                        "time_zone",
                        "Asia/Tokyo"));
        place.put("postal", Map.of("code", "102-8578"));
        return place;
    }
}
