package dev.nearside.control;

import static dev.nearside.control.RunningControlPlane.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.Authority.Issued;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.AuditLog;
import dev.nearside.model.wire.api.Certificates;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.NewCertificate;
import dev.nearside.model.wire.api.ProblemDocument;
import dev.nearside.model.wire.feed.CertificatesMessage;
import dev.nearside.model.wire.feed.Enrolled;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Certificates through the front door: kept, shown by distributions, told to edges, and never given away.
class CertificatesTest {
    private static final String PATH = "/api/v1/certificates";
    private static final Authority ROOT = root();
    private static final Issued SHOP = issued("shop.example.com", "*.shop.example.com");

    @TempDir
    Path data;

    private RunningControlPlane api;

    private static Authority root() {
        try {
            return Authority.root("Root");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Issued issued(String... names) {
        try {
            return ROOT.issue(names);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() throws Exception {
        api = new RunningControlPlane(data);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static String json(@Nullable String name, Issued issued) {
        return Json.write(new NewCertificate(name, issued.pem() + ROOT.pem(), issued.key()));
    }

    private Certificates.Item upload(String name, Issued issued) throws Exception {
        var made = api.post(api.admin(), PATH, json(name, issued));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return body(made, Certificates.Item.class);
    }

    private static String distribution(String alias, @Nullable String certificate) {
        var plain =
                Documents.distribution("shop", alias, "CachingOptimized", true).strip();
        if (certificate == null) return plain;
        return plain.substring(0, plain.length() - 1) + ", \"viewerCertificate\": {\"certificateId\": \"" + certificate
                + "\"}}";
    }

    private Distributions.Item make(String alias, @Nullable String certificate) throws Exception {
        return body(
                api.post(api.admin(), "/api/v1/distributions", distribution(alias, certificate)),
                Distributions.Item.class);
    }

    private void publish() throws Exception {
        assertThat(api.post(api.admin(), "/api/v1/snapshots", "").statusCode()).isEqualTo(201);
    }

    private static List<ProblemDocument.Entry> problems(HttpResponse<String> refused) {
        return Objects.requireNonNull(body(refused, ProblemDocument.class).problems());
    }

    @Test
    void keepsWhatIsUploadedAndNeverShowsTheKey() throws Exception {
        var item = upload("shop", SHOP);

        assertThat(item.names()).containsExactly("shop.example.com", "*.shop.example.com");
        assertThat(item.daysLeft()).isEqualTo(99);
        assertThat(item.expiresSoon()).isFalse();
        assertThat(item.key()).isEqualTo("EC P-256");
        assertThat(item.chain()).containsExactly("CN=Root");
        assertThat(item.issuer()).isEqualTo("CN=Root");
        assertThat(item.usedBy()).isEmpty();
        assertThat(item.warnings()).isEmpty();
        var secret = Base64.getEncoder().encodeToString(SHOP.keys().getPrivate().getEncoded());
        for (var path : List.of(PATH, PATH + "/" + item.id(), "/api/v1/audit", "/api/v1/config", "/metrics")) {
            assertThat(api.get(api.admin(), path).body())
                    .doesNotContain(secret.substring(40, 80))
                    .doesNotContain("PRIVATE KEY")
                    .doesNotContain("sealed");
        }
        assertThat(body(api.get(api.admin(), "/api/v1/audit"), AuditLog.class).items())
                .extracting(AuditLog.Item::action)
                .contains("upload certificate");
        assertThat(api.get(api.token("viewer"), "/metrics").body())
                .containsPattern("nearside_certificate_expiry_seconds\\{certificate=\"shop\"} 8[56]\\d{5}\n# EOF\n");
    }

    @Test
    void theDatabaseHoldsNoKeyAndTheKeyFileIsTheOwnersAlone() throws Exception {
        upload("shop", SHOP);
        var file = data.resolve("secrets.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var seal = Files.readString(file).strip();
        api.controlPlane().close();

        var secret = SHOP.keys().getPrivate().getEncoded();
        var stored = Files.readAllBytes(data.resolve("nearside.mv.db"));
        var text = new String(stored, StandardCharsets.ISO_8859_1);
        assertThat(text)
                .contains("BEGIN CERTIFICATE")
                .doesNotContain("PRIVATE KEY")
                .doesNotContain(new String(secret, 40, 20, StandardCharsets.ISO_8859_1))
                .doesNotContain(Base64.getEncoder().encodeToString(secret).substring(40, 80))
                .doesNotContain(seal.substring(seal.indexOf(':') + 1));
        api.restart();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # what is sent                                      | status | path         | what is said
        {}                                                  |    400 | certificate  | missing (expected: PEM certificates)
        {"privateKey": 7}                                   |    400 | privateKey   | 7 (expected: a text)
        {"privateKey": ["x"]}                               |    400 | privateKey   | a list (expected: a text)
        {"key": "x"}                                        |    400 | key          | unknown property
        {"certificate": "x", "certificate": "y"}            |    400 | certificate  | repeated (expected: once)
        {"name": "a b", "certificate": "x"}                 |    400 | name         | no name (expected: 1 to 64
        {"certificate": "x", "privateKey": "y"}             |    400 | certificate  | no PEM in it
        "-----BEGIN PRIVATE KEY----- MII"                   |    400 | ''           | a PEM text in the wrong place
        [                                                   |    400 | ''           | not JSON
        """)
    void badUploadsAreRefusedAndNothingIsStored(String sent, int status, String path, String said) throws Exception {
        var refused = api.post(api.admin(), PATH, sent);

        assertThat(refused.statusCode()).isEqualTo(status);
        assertThat(problems(refused)).anySatisfy(problem -> {
            assertThat(problem.path()).isEqualTo(path);
            assertThat(problem.message()).startsWith(said);
        });
        assertThat(refused.body()).doesNotContain("BEGIN PRIVATE");
        assertThat(body(api.get(api.admin(), PATH), Certificates.class).items()).isEmpty();
    }

    @Test
    void aNameIsGivenOnce() throws Exception {
        upload("shop", SHOP);

        var again = api.post(api.admin(), PATH, json("shop", SHOP));
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(problems(again).getFirst().path()).isEqualTo("name");
        assertThat(problems(api.post(api.admin(), PATH, json(null, SHOP)))
                        .getFirst()
                        .path())
                .isEqualTo("name");
    }

    @Test
    void aDistributionNeedsACertificateThatCoversItsAliases() throws Exception {
        var item = upload("shop", SHOP);

        var unknown = api.post(api.admin(), "/api/v1/distributions", distribution("shop.example.com", "none"));
        assertThat(problems(unknown))
                .containsExactly(new ProblemDocument.Entry(
                        "viewerCertificate.certificateId", "\"none\" (expected: a certificate that was uploaded)"));
        var deep = api.post(api.admin(), "/api/v1/distributions", distribution("a.b.shop.example.com", "shop"));
        assertThat(problems(deep))
                .containsExactly(new ProblemDocument.Entry(
                        "aliases[0]",
                        "\"a.b.shop.example.com\" (expected: a name of certificate shop, which has: shop.example.com,"
                                + " *.shop.example.com)"));

        var made = make("www.shop.example.com", "shop");
        assertThat(made.viewerProtocols()).isEqualTo("http-and-https");
        assertThat(made.warnings()).isEmpty();
        assertThat(Objects.requireNonNull(made.config().viewerCertificate()).certificateId())
                .isEqualTo(item.id());
        assertThat(body(api.get(api.admin(), PATH + "/" + item.id()), Certificates.Item.class)
                        .usedBy())
                .containsExactly("shop");
    }

    @Test
    void aDistributionWithoutOneSaysSo() throws Exception {
        var made = make("shop.example.com", null);

        assertThat(made.viewerProtocols()).isEqualTo("http-only");
        assertThat(made.warnings()).containsExactly("no certificate: served over plain HTTP only");
    }

    @Test
    void whatIsUsedIsNotDeletedNorReplacedByWhatDoesNotCover() throws Exception {
        var item = upload("shop", SHOP);
        var path = PATH + "/" + item.id();
        var made = make("shop.example.com", "shop");
        publish();

        var used = api.delete(api.admin(), path, "If-Match", item.etag());
        assertThat(used.statusCode()).isEqualTo(409);
        assertThat(used.body()).contains("distribution shop");
        var other = api.put(api.admin(), path, item.etag(), json(null, issued("other.example")));
        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(problems(other))
                .containsExactly(new ProblemDocument.Entry(
                        "certificate",
                        "not made for shop.example.com, an alias of distribution shop (it names: other.example)"));

        // Not in the draft any more, but the edges still run it.
        api.put(api.admin(), "/api/v1/distributions/" + made.id(), made.etag(), distribution("shop.example.com", null));
        var published = api.delete(api.admin(), path, "If-Match", item.etag());
        assertThat(published.statusCode()).isEqualTo(409);
        assertThat(published.body()).contains("distribution shop of the current snapshot");

        publish();
        assertThat(api.delete(api.admin(), path, "If-Match", "\"7\"").statusCode())
                .isEqualTo(412);
        assertThat(api.delete(api.admin(), path, "If-Match", item.etag()).statusCode())
                .isEqualTo(204);
        assertThat(api.get(api.admin(), path).statusCode()).isEqualTo(404);
    }

    @Test
    void aRenewalNamesTheVersionThatItReplaces() throws Exception {
        var item = upload("shop", SHOP);
        var path = PATH + "/" + item.id();
        var next = issued("shop.example.com");

        assertThat(api.send(api.request(api.admin(), path)
                                .header("Content-Type", "application/json")
                                .PUT(java.net.http.HttpRequest.BodyPublishers.ofString(json(null, next))))
                        .statusCode())
                .isEqualTo(428);
        var renewed = body(api.put(api.admin(), path, item.etag(), json(null, next)), Certificates.Item.class);
        assertThat(renewed.version()).isEqualTo(2);
        assertThat(renewed.name()).isEqualTo("shop");
        assertThat(renewed.fingerprint()).isNotEqualTo(item.fingerprint());
        assertThat(renewed.createTime()).isEqualTo(item.createTime());
        var stale = api.put(api.admin(), path, item.etag(), json(null, SHOP));
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(stale.headers().firstValue("ETag")).contains(renewed.etag());
    }

    private EventReader follow(Enrolled edge) throws Exception {
        return new EventReader(api.feed(edge, ""));
    }

    @Test
    void edgesAreToldWhatTheirSnapshotNeedsAndNoMore() throws Exception {
        var item = upload("shop", SHOP);
        upload("other", issued("other.example"));
        make("shop.example.com", "shop");
        var edge = api.enrol("edge");
        publish();
        try (var feed = follow(edge)) {
            var events = feed.next(5);
            assertThat(events)
                    .extracting(EventReader.Event::name)
                    .containsExactly("hello", "reset", "certificates", "snapshot", "caught-up");
            var message = events.get(2).read(CertificatesMessage.class);
            assertThat(message.withheld()).isEmpty();
            assertThat(message.items()).singleElement().satisfies(told -> {
                assertThat(told.id()).isEqualTo(item.id());
                assertThat(told.version()).isEqualTo(1);
                assertThat(told.chain()).isEqualTo(SHOP.pem() + ROOT.pem());
                assertThat(told.privateKey()).isEqualTo(SHOP.key());
            });

            var next = issued("shop.example.com");
            api.put(api.admin(), PATH + "/" + item.id(), item.etag(), json(null, next));
            var renewed = feed.next("certificates").read(CertificatesMessage.class);
            assertThat(renewed.items()).singleElement().satisfies(told -> {
                assertThat(told.version()).isEqualTo(2);
                assertThat(told.privateKey()).isEqualTo(next.key());
            });
        }
        api.restart();
        try (var feed = follow(edge)) {
            assertThat(feed.next("certificates").read(CertificatesMessage.class).items())
                    .singleElement()
                    .satisfies(told -> assertThat(told.version()).isEqualTo(2));
        }
    }

    @Test
    void withoutItsKeyTheRestGoesOn() throws Exception {
        var item = upload("shop", SHOP);
        make("shop.example.com", "shop");
        publish();
        var edge = api.enrol("edge");
        var file = data.resolve("secrets.key");
        var key = Files.readString(file);
        Files.delete(file);
        api.restart();

        var refused = api.post(api.admin(), PATH, json("more", SHOP));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(body(refused, ProblemDocument.class).detail()).startsWith("--secrets-key: " + file + " is missing");
        assertThat(Files.exists(file)).isFalse();
        assertThat(api.get(api.admin(), PATH + "/" + item.id()).statusCode()).isEqualTo(200);
        try (var feed = follow(edge)) {
            var message = feed.next("certificates").read(CertificatesMessage.class);
            assertThat(message.items()).isEmpty();
            assertThat(message.withheld())
                    .singleElement()
                    .satisfies(
                            withheld -> assertThat(withheld.why()).isEqualTo("the control plane cannot open its key"));
            feed.next("caught-up");
        }

        // Another key was put above the old one: what lies under the old is sealed anew.
        Files.writeString(
                file, "nearside-secrets-key-1:" + Base64.getEncoder().encodeToString(new byte[32]) + "\n" + key);
        api.restart();
        Files.writeString(file, "nearside-secrets-key-1:" + Base64.getEncoder().encodeToString(new byte[32]) + "\n");
        api.restart();
        try (var feed = follow(edge)) {
            var message = feed.next("certificates").read(CertificatesMessage.class);
            assertThat(message.items())
                    .singleElement()
                    .satisfies(told -> assertThat(told.privateKey()).isEqualTo(SHOP.key()));
        }
    }

    @Test
    void theEndIsWarnedOf() throws Exception {
        var soon = ROOT.issue(Authority.wish("soon", Authority.ec("secp256r1"), "soon.example.com")
                .until(Instant.now().plusSeconds(5 * 86_400L + 60)));
        var item = upload("soon", soon);
        assertThat(item.expiresSoon()).isTrue();
        assertThat(item.daysLeft()).isEqualTo(5);
        assertThat(item.warnings().getFirst()).startsWith("ends in 5 days, on ");

        assertThat(make("soon.example.com", "soon").warnings())
                .singleElement()
                .satisfies(said -> assertThat(said).startsWith("certificate soon ends in 5 days, on "));
    }

    @Test
    void whatEdgesMadeOfItIsShown() throws Exception {
        var item = upload("shop", SHOP);
        make("shop.example.com", "shop");
        publish();
        var edge = api.enrol("edge");
        var report = """
                {"runId": "run", "startTime": "2026-01-01T00:00:00Z", "sentAt": "2026-01-01T00:00:00Z", "version": "1",
                 "snapshotVersion": 1, "epoch": "e", "position": 0, "counters": [],
                 "cache": {"memoryUsed": 0, "memoryLimit": 0, "diskUsed": 0, "diskLimit": 0, "objects": 0, "recovered": true},
                 "certificates": [{"id": "%s", "version": %d%s}]}
                """;
        var path = PATH + "/" + item.id();
        api.post(edge.credential(), "/edge/v1/reports", report.formatted(item.id(), 1, ""));
        assertThat(body(api.get(api.admin(), path), Certificates.Item.class).edges())
                .containsExactly(new Certificates.Edge("edge", "applied", ""));

        api.post(edge.credential(), "/edge/v1/reports", report.formatted(item.id(), 0, ", \"problem\": \"no\""));
        assertThat(body(api.get(api.admin(), path), Certificates.Item.class).edges())
                .containsExactly(new Certificates.Edge("edge", "refused", "no"));
        assertThat(api.get(api.admin(), "/api/v1/edges").body()).contains(item.id() + ": no");
    }
}
