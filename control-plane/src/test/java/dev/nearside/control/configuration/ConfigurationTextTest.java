package dev.nearside.control.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.CachePolicyDocument;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.DistributionDocument;
import dev.nearside.model.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ConfigurationTextTest {

    private static Version version(Document document) {
        return new Version(
                document.kind(),
                document.id().orElseThrow(),
                1,
                document.name().orElseThrow(),
                Json.write(document.content()),
                "ann",
                Instant.EPOCH,
                "",
                Instant.EPOCH);
    }

    private static Version policy(String id, String name, String comment, long ttl) {
        return version(new Document.OfCachePolicy(new CachePolicyDocument(
                id, name, comment, 0L, ttl, 300L, null, true, null, null, null, null, null, null)));
    }

    private static Version distribution(String id, String name, List<String> aliases) {
        return version(new Document.OfDistribution(new DistributionDocument(
                id, name, null, true, aliases, null, null, null, null, null, null, null, null, null)));
    }

    @Provide
    Arbitrary<List<Version>> configurations() {
        var name = Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(6);
        var odd = Arbitraries.strings().ofMaxLength(8);
        var policies = Combinators.combine(name, odd, Arbitraries.longs().between(0, 300))
                .as((word, comment, ttl) -> policy("p-" + word, word, comment, ttl));
        var distributions = Combinators.combine(name, odd.list().ofMaxSize(3))
                .as((word, aliases) -> distribution("d-" + word, word, aliases));
        return Combinators.combine(
                        policies.list().uniqueElements(Version::id).ofMaxSize(4),
                        distributions.list().uniqueElements(Version::id).ofMaxSize(4))
                .as((some, more) -> Stream.concat(some.stream(), more.stream()).toList());
    }

    @Property(tries = 60)
    void whatWasExportedIsExportedAgainByteForByte(@ForAll("configurations") List<Version> versions) {
        var text = ConfigurationText.of(versions);

        var read = switch (Json.read(text.text(), ConfigurationDocument.class)) {
            case Checked.Valid<ConfigurationDocument>(var document) -> Documents.of(document);
            case Checked.Invalid<ConfigurationDocument>(var problems) ->
                throw new AssertionError(problems + "\n" + text.text());
        };
        var again = new ArrayList<>(
                read.stream().map(ConfigurationTextTest::version).toList());
        assertThat(ConfigurationText.of(again)).isEqualTo(text);
        Collections.reverse(again);
        assertThat(ConfigurationText.of(again)).isEqualTo(text);
        assertThat(text.text()).endsWith("}\n").doesNotContain("\r\n");
    }

    @Test
    void isReadByPeopleAndByGit() {
        var versions = List.of(
                distribution("E1", "shop", List.of()),
                policy("2", "later", "a \"word\"", 60),
                policy("1", "early", "", 60));

        assertThat(ConfigurationText.of(versions).text()).isEqualTo("""
                {
                  "cachePolicies": [
                    {
                      "comment": "",
                      "defaultTTL": 60,
                      "enableAcceptEncodingBrotli": true,
                      "id": "1",
                      "maxTTL": 300,
                      "minTTL": 0,
                      "name": "early"
                    },
                    {
                      "comment": "a \\"word\\"",
                      "defaultTTL": 60,
                      "enableAcceptEncodingBrotli": true,
                      "id": "2",
                      "maxTTL": 300,
                      "minTTL": 0,
                      "name": "later"
                    }
                  ],
                  "distributions": [
                    {
                      "aliases": [],
                      "enabled": true,
                      "id": "E1",
                      "name": "shop"
                    }
                  ],
                  "originRequestPolicies": [],
                  "responseHeadersPolicies": []
                }
                """);
    }
}
