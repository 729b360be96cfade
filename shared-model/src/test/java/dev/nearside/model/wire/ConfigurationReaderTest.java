package dev.nearside.model.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.nearside.model.behavior.Behavior;
import dev.nearside.model.behavior.Caching;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.policy.CachePolicy;
import dev.nearside.model.policy.NameSelection;
import dev.nearside.model.wire.feed.SnapshotMessage;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationReaderTest {

    private static final String DEMO = """
            {"distributions": [{"name": "demo", "aliases": ["localhost", "127.0.0.1", "*.example.org"],
              "defaultRootObject": "index.html",
              "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": 8060, "originProtocolPolicy": "http-only"}],
              "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "UseOriginCacheControlHeaders-QueryStrings",
                "originRequestPolicyId": "Managed-AllViewer", "responseHeadersPolicyId": "SecurityHeadersPolicy"},
              "cacheBehaviors": [
                {"pathPattern": "/static/*", "targetOriginId": "site", "cachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"},
                {"pathPattern": "/api/*", "targetOriginId": "site", "cachePolicyId": "api"}]}],
             "cachePolicies": [{"name": "api", "minTTL": 0, "defaultTTL": 300, "maxTTL": 300,
               "queryStringsConfig": {"queryStringBehavior": "whitelist", "queryStrings": ["q", "page"]}}]}
            """;

    @Test
    void readsADocumentWithManagedAndCustomPolicies() {
        var configuration = valid(DEMO);

        var demo = configuration.distributions().getFirst();
        assertThat(demo.id().value()).isEqualTo("demo");
        assertThat(demo.behaviors()).hasSize(2);
        assertThat(policy(configuration, cachePolicyOf(demo.behaviors().getFirst()))
                        .name())
                .isEqualTo("Managed-CachingOptimized");
        assertThat(policy(configuration, "api").queryStrings()).isInstanceOf(NameSelection.Only.class);
        assertThat(policy(configuration, cachePolicyOf(demo.defaultBehavior())).managed())
                .isTrue();
    }

    private static String cachePolicyOf(Behavior behavior) {
        return switch (behavior.caching()) {
            case Caching.ByPolicy(var cache, var _) -> cache.value();
            case Caching.Legacy legacy -> throw new AssertionError(legacy);
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # instead of                          | say                                   | and be told
            "name": "demo"                        | "name": "de mo"                       | distributions[0].name: "de mo" (expected: 1 to 64 letters
            "name": "demo"                        | "name": "demo", "id": ""              | distributions[0].id: "" (expected: 1 to 64 letters
            "name": "api"                         | "name": "api", "id": "a b"             | cachePolicies[0].id:
            "localhost"                           | "local host"                          | distributions[0].aliases[0]: "local host" (expected: a host name
            "localhost"                           | "a.*.example.org"                     | distributions[0].aliases[0]:
            "localhost"                           | "127.0.0.1"                           | distributions[0].aliases[1]: "127.0.0.1" (expected: each alias once)
            "domainName": "127.0.0.1"             | "domainName": "http://a"              | distributions[0].origins[0].domainName: "http://a" (expected: a host name or an IP literal
            "domainName": "127.0.0.1"             | "domainName": "1.2.3.400"             | distributions[0].origins[0].domainName:
            "httpPort": 8060                      | "httpPort": 25                        | distributions[0].origins[0].httpPort: 25 (expected: 80, 443 or 1024 to 65535)
            "originProtocolPolicy": "http-only"   | "originProtocolPolicy": "ftp"         | distributions[0].origins[0].originProtocolPolicy: "ftp" (expected: http-only
            "cachePolicyId": "api"                | "cachePolicyId": "gone"               | distributions[0].cacheBehaviors[1].cachePolicyId: "gone" (expected: the id or name of an existing cache policy)
            "pathPattern": "/api/*"               | "pathPattern": "/a b"                 | distributions[0].cacheBehaviors[1].pathPattern:
            "pathPattern": "/api/*"               | "pathPattern": "/static/*"            | distributions[0].cacheBehaviors[1].pathPattern: "/static/*" (expected: each pattern once)
            "defaultTTL": 300                     | "defaultTTL": 400                     | cachePolicies[0].maxTTL: 300 (expected: defaultTTL, 400, or more)
            "minTTL": 0                           | "minTTL": -5                          | cachePolicies[0].minTTL: -5 (expected: zero to a hundred years
            "whitelist"                           | "some"                                | cachePolicies[0].queryStringsConfig.queryStringBehavior: "some" (expected: none, whitelist
            "defaultRootObject": "index.html"     | "defaultRootObject": "/index.html"    | distributions[0].defaultRootObject: "/index.html"
            "name": "api"                         | "name": "CachingOptimized"            | cachePolicies[0].name: "CachingOptimized" (expected: a name that no managed policy has)
            "name": "api" | "name": "api", "id": "658327ea-f89d-4fab-a63d-7e88639e58f6" | cachePolicies[0].id: "658327ea-f89d-4fab-a63d-7e88639e58f6" (expected: an id that no managed policy has)
            """)
    void refusesWithThePathAndWhatWasExpected(String instead, String say, String told) {
        assertThat(DEMO).contains(instead);
        var problems = problems(DEMO.replaceFirst(Pattern.quote(instead), say));

        assertThat(problems.stream().map(Problem::toString))
                .anySatisfy(said -> assertThat(said).startsWith(told));
    }

    @Test
    void namesAllProblemsAtOnce() {
        var broken = DEMO.replace("\"httpPort\": 8060", "\"httpPort\": 1")
                .replace("\"minTTL\": 0", "\"minTTL\": 900")
                .replace("index.html", "/x");

        assertThat(problems(broken))
                .extracting(Problem::path)
                .contains(
                        "distributions[0].origins[0].httpPort",
                        "cachePolicies[0].defaultTTL",
                        "distributions[0].defaultRootObject");
    }

    @Test
    void namesProblemsOfShapeAndOfRulesTogether() {
        var broken = DEMO.replace("\"httpPort\": 8060", "\"httpPort\": 1")
                .replace("\"defaultTTL\": 300", "\"defaultTTL\": 400")
                .replace("\"name\": \"demo\"", "\"name\": 5, \"nmae\": \"demo\"")
                .replace("\"localhost\", ", "7, ");

        assertThat(problems(broken))
                .extracting(Problem::path)
                .containsExactlyInAnyOrder(
                        "distributions[0].name",
                        "distributions[0].nmae",
                        "distributions[0].aliases[0]",
                        "distributions[0].origins[0].httpPort",
                        "cachePolicies[0].maxTTL");
    }

    @Test
    void anAliasBelongsToOneDistribution() {
        var twice = new ConfigurationDocument(
                List.of(Documents.list(document().distributions()).getFirst(), renamed()),
                document().cachePolicies(),
                null,
                null);

        assertThat(ConfigurationReader.read(twice).problems())
                .extracting(Problem::path)
                .containsExactly(
                        "distributions[1].aliases[0]", "distributions[1].aliases[1]", "distributions[1].aliases[2]");
    }

    @Test
    void anIdBelongsToOneDistribution() {
        var first = Documents.list(document().distributions()).getFirst();
        var twice = new ConfigurationDocument(
                List.of(first, renamed().withId("demo")), document().cachePolicies(), null, null);

        assertThat(ConfigurationReader.read(twice).problems())
                .extracting(Problem::path)
                .contains("distributions[1].id");
    }

    @Test
    void aPolicyThatDisablesCachingHasNothingInItsKey() {
        var policy = "{\"name\":\"off\",\"minTTL\":0,\"defaultTTL\":0,\"maxTTL\":0,\"enableAcceptEncodingGzip\":true}";

        assertThat(Json.read(policy, CachePolicyDocument.class)
                        .then(ConfigurationReader::cachePolicy)
                        .problems())
                .extracting(Problem::path)
                .containsExactly("enableAcceptEncodingGzip");
    }

    @Test
    void aSnapshotThatWasTamperedWithIsRefused() {
        var sent = SnapshotMessage.of(7, document());
        var tampered = new SnapshotMessage(7, sent.hash(), new ConfigurationDocument(null, null, null, null));

        assertThat(sent.snapshot().problems()).isEmpty();
        assertThat(tampered.snapshot().problems()).extracting(Problem::path).containsExactly("hash");
    }

    private static DistributionDocument renamed() {
        var text = Json.write(Documents.list(document().distributions()).getFirst())
                .replace("\"demo\"", "\"other\"");
        return switch (Json.read(text, DistributionDocument.class)) {
            case Checked.Valid<DistributionDocument>(var value) -> value;
            case Checked.Invalid<DistributionDocument>(var problems) -> fail(problems.toString());
        };
    }

    private static CachePolicy policy(Configuration configuration, String reference) {
        return configuration.policies().cache(reference).orElseThrow();
    }

    private static ConfigurationDocument document() {
        return switch (Json.read(DEMO, ConfigurationDocument.class)) {
            case Checked.Valid<ConfigurationDocument>(var value) -> value;
            case Checked.Invalid<ConfigurationDocument>(var problems) -> fail(problems.toString());
        };
    }

    private static Configuration valid(String text) {
        return switch (Json.read(text, ConfigurationDocument.class).then(ConfigurationReader::read)) {
            case Checked.Valid<Configuration>(var value) -> value;
            case Checked.Invalid<Configuration>(var problems) -> fail(problems.toString());
        };
    }

    private static List<Problem> problems(String text) {
        return Json.read(text, ConfigurationDocument.class)
                .then(ConfigurationReader::read)
                .problems();
    }
}
