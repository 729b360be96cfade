package dev.nearside.control;

import static dev.nearside.control.RunningControlPlane.body;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.check.Checked;
import dev.nearside.model.policy.Policies;
import dev.nearside.model.wire.Configuration;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.ConfigurationReader;
import dev.nearside.model.wire.DistributionDocument;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.CachePolicies;
import dev.nearside.model.wire.api.Certificates;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.Imported;
import dev.nearside.model.wire.api.NewCertificate;
import dev.nearside.model.wire.api.OriginRequestPolicies;
import dev.nearside.model.wire.api.ResponseHeadersPolicies;
import dev.nearside.model.wire.api.SnapshotDetail;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator wrote is what comes back, and what the edges are told, property by property.
class EveryPropertyTest {

    /// Has every property of every document; a test of the model sees to that.
    private static final Path EXAMPLE = Path.of("..", "docs", "configuration.json");

    private RunningControlPlane api;
    private String json;
    private String certificate = "";

    @BeforeEach
    void importEverything(@TempDir Path data) throws Exception {
        api = new RunningControlPlane(data);
        json = Files.readString(EXAMPLE);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private Map<String, String> importExample() throws Exception {
        var shop = Authority.root("Root").issue("shop.example.org", "*.shop.example.org");
        var made = api.post(
                api.admin(), "/api/v1/certificates", Json.write(new NewCertificate("shop", shop.pem(), shop.key())));
        certificate = body(made, Certificates.Item.class).id();
        var imported = body(api.post(api.admin(), "/api/v1/config", json), Imported.class);
        return imported.items().stream().collect(Collectors.toMap(Imported.Item::name, Imported.Item::id));
    }

    /// The example as it is stored: under ids, and every policy named by id.
    private ConfigurationDocument expected(Map<String, String> ids) {
        var written = switch (Json.read(json, ConfigurationDocument.class)) {
            case Checked.Valid<ConfigurationDocument>(var document) -> document;
            case Checked.Invalid<ConfigurationDocument>(var problems) -> throw new AssertionError(problems.toString());
        };
        var withIds = new ConfigurationDocument(
                each(written.distributions(), document -> document.withId(id(ids, document.name()))),
                each(written.cachePolicies(), document -> document.withId(id(ids, document.name()))),
                each(written.originRequestPolicies(), document -> document.withId(id(ids, document.name()))),
                each(written.responseHeadersPolicies(), document -> document.withId(id(ids, document.name()))));
        var policies = policies(withIds);
        return new ConfigurationDocument(
                each(
                        withIds.distributions(),
                        document -> ConfigurationReader.withPolicyIds(document, policies)
                                .withCertificate(new DistributionDocument.ViewerCertificate(certificate))),
                withIds.cachePolicies(),
                withIds.originRequestPolicies(),
                withIds.responseHeadersPolicies());
    }

    private static <T> List<T> each(@Nullable List<T> documents, UnaryOperator<T> change) {
        return requireNonNull(documents).stream().map(change).toList();
    }

    private static String id(Map<String, String> ids, @Nullable String name) {
        return requireNonNull(ids.get(requireNonNull(name)));
    }

    private static <T> T only(@Nullable List<T> documents) {
        return requireNonNull(documents).getFirst();
    }

    private static Policies policies(ConfigurationDocument document) {
        return switch (ConfigurationReader.read(document)) {
            case Checked.Valid<Configuration>(var configuration) -> configuration.policies();
            case Checked.Invalid<Configuration>(var problems) -> throw new AssertionError(problems.toString());
        };
    }

    @Test
    void reachesTheEdges() throws Exception {
        var expected = expected(importExample());

        api.post(api.admin(), "/api/v1/snapshots", "");

        var detail = body(api.get(api.admin(), "/api/v1/snapshots/1"), SnapshotDetail.class);
        assertThat(detail.configuration()).isEqualTo(expected);
    }

    @Test
    void comesBackToTheOperator() throws Exception {
        var ids = importExample();
        var expected = expected(ids);

        assertThat(body(api.get(api.admin(), "/api/v1/distributions/" + ids.get("shop")), Distributions.Item.class)
                        .config())
                .isEqualTo(only(expected.distributions()));
        assertThat(body(api.get(api.admin(), "/api/v1/cache-policies/" + ids.get("pages")), CachePolicies.Item.class)
                        .config())
                .isEqualTo(only(expected.cachePolicies()));
        assertThat(body(
                                api.get(api.admin(), "/api/v1/origin-request-policies/" + ids.get("ask")),
                                OriginRequestPolicies.Item.class)
                        .config())
                .isEqualTo(only(expected.originRequestPolicies()));
        assertThat(body(
                                api.get(api.admin(), "/api/v1/response-headers-policies/" + ids.get("answer")),
                                ResponseHeadersPolicies.Item.class)
                        .config())
                .isEqualTo(only(expected.responseHeadersPolicies()));
    }

    @Test
    void whatWasReadCanBeSavedAgainUnchanged() throws Exception {
        var ids = importExample();
        var path = "/api/v1/distributions/" + ids.get("shop");
        var item = body(api.get(api.admin(), path), Distributions.Item.class);

        var saved = body(api.put(api.admin(), path, item.etag(), Json.write(item.config())), Distributions.Item.class);
        var again = body(api.post(api.admin(), "/api/v1/config", json), Imported.class);

        assertThat(saved.config()).isEqualTo(item.config());
        assertThat(again.items()).extracting(Imported.Item::change).containsOnly("unchanged");
    }
}
