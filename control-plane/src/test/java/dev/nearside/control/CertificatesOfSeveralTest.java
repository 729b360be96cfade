package dev.nearside.control;

import static dev.nearside.control.RunningControlPlane.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.Certificates;
import dev.nearside.model.wire.api.NewCertificate;
import dev.nearside.model.wire.feed.CertificatesMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two control planes on one PostgreSQL, with one secrets key: what is uploaded to the one, the other gives to its
/// edges.
class CertificatesOfSeveralTest {
    private static final String PATH = "/api/v1/certificates";

    private static String upload(Authority.Issued issued) {
        return Json.write(new NewCertificate("shop", issued.pem(), issued.key()));
    }

    @Test
    void oneSealsAndTheOtherOpens(@TempDir Path data) throws Exception {
        var root = Authority.root("Root");
        var shop = root.issue("shop.example.com");
        var renewed = root.issue("shop.example.com");
        try (var one = new RunningControlPlane(data.resolve("one"), Engine.POSTGRES.fresh(data));
                var two = one.another(data.resolve("two"), Instant::now)) {
            var made = body(one.post(one.admin(), PATH, upload(shop)), Certificates.Item.class);
            var plain = Documents.distribution("shop", "shop.example.com", "CachingOptimized", true)
                    .strip();
            var distribution =
                    plain.substring(0, plain.length() - 1) + ", \"viewerCertificate\": {\"certificateId\": \"shop\"}}";
            assertThat(two.post(two.admin(), "/api/v1/distributions", distribution)
                            .statusCode())
                    .isEqualTo(201);
            assertThat(one.post(one.admin(), "/api/v1/snapshots", "").statusCode())
                    .isEqualTo(201);
            var edge = one.enrol("edge");
            try (var feed = new EventReader(two.feed(edge, ""))) {
                var first = feed.next("certificates").read(CertificatesMessage.class);
                assertThat(first.items().getFirst().privateKey()).isEqualTo(shop.key());
                feed.next("caught-up");

                one.put(one.admin(), PATH + "/" + made.id(), made.etag(), upload(renewed));
                var second = feed.next("certificates").read(CertificatesMessage.class);
                assertThat(second.items().getFirst().version()).isEqualTo(2);
                assertThat(second.items().getFirst().privateKey()).isEqualTo(renewed.key());
            }
            assertThat(two.delete(two.admin(), PATH + "/" + made.id(), "If-Match", "\"2\"")
                            .statusCode())
                    .isEqualTo(409);
        }
    }

    @Test
    void theSecondMakesNoKeyOfItsOwn(@TempDir Path data) throws Exception {
        var shop = Authority.root("Root").issue("shop.example.com");
        try (var one = new RunningControlPlane(data.resolve("one"), Engine.POSTGRES.fresh(data));
                var two = one.anotherWithoutKey(data.resolve("two"))) {
            assertThat(data.resolve("two/secrets.key")).doesNotExist();
            var refused = two.post(two.admin(), PATH, upload(shop));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("two/secrets.key is missing", "the one of the first control plane");

            Files.copy(data.resolve("one/secrets.key"), data.resolve("two/secrets.key"));
            two.restart();
            assertThat(two.post(two.admin(), PATH, upload(shop)).statusCode()).isEqualTo(201);
        }
    }
}
