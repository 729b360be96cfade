package dev.nearside.model.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.check.Checked;
import dev.nearside.model.policy.Policies;
import dev.nearside.model.wire.feed.SnapshotMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No property of a document is lost on its way, the ones that somebody adds tomorrow included.
class EveryPropertyTest {

    private static final Path EXAMPLE = Path.of("..", "docs", "configuration.json");
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final Policies NONE = new Policies(List.of(), List.of(), List.of());

    private final Everything everything = new Everything();

    @ParameterizedTest
    @ValueSource(
            classes = {
                ConfigurationDocument.class,
                DistributionDocument.class,
                CachePolicyDocument.class,
                OriginRequestPolicyDocument.class,
                ResponseHeadersPolicyDocument.class
            })
    void survivesJson(Class<? extends Record> type) {
        var document = everything.of(type);

        assertThat(Json.read(Json.write(document), type)).isEqualTo(new Checked.Valid<>(document));
    }

    @Test
    void survivesAnotherId() {
        var distribution = everything.of(DistributionDocument.class);
        var cache = everything.of(CachePolicyDocument.class);
        var originRequest = everything.of(OriginRequestPolicyDocument.class);
        var responseHeaders = everything.of(ResponseHeadersPolicyDocument.class);

        assertThat(distribution.withId("x").withId(requireNonNull(distribution.id())))
                .isEqualTo(distribution);
        assertThat(cache.withId("x").withId(requireNonNull(cache.id()))).isEqualTo(cache);
        assertThat(originRequest.withId("x").withId(requireNonNull(originRequest.id())))
                .isEqualTo(originRequest);
        assertThat(responseHeaders.withId("x").withId(requireNonNull(responseHeaders.id())))
                .isEqualTo(responseHeaders);
    }

    @Test
    void survivesOtherReferencesToPolicies() {
        var distribution = everything.of(DistributionDocument.class);
        var behavior = requireNonNull(distribution.defaultCacheBehavior());

        assertThat(ConfigurationReader.withPolicyIds(distribution, NONE)).isEqualTo(distribution);
        assertThat(behavior.withPolicies("a", "b", "c")
                        .withPolicies(
                                behavior.cachePolicyId(),
                                behavior.originRequestPolicyId(),
                                behavior.responseHeadersPolicyId()))
                .isEqualTo(behavior);
    }

    /// Numbered snapshots are compared by their hash: it must not change with the release that computes it.
    @Test
    void aDocumentFromBeforeAPropertyExistedKeepsItsHash() throws IOException {
        try (var earlier = EveryPropertyTest.class.getResourceAsStream("earlier.json")) {
            var document = read(requireNonNull(earlier).readAllBytes());

            assertThat(SnapshotMessage.of(1, document).hash())
                    .isEqualTo("2065bff27287f41766f5ec592e5a5bfbde0e0caf8675efea6fb9c4e729485765");
        }
    }

    @Test
    void aSnapshotOfEverythingIsWhole() throws IOException {
        var sent = SnapshotMessage.of(3, read(Files.readAllBytes(EXAMPLE)));
        var received = Json.read(Json.write(sent), SnapshotMessage.class);

        assertThat(received).isEqualTo(new Checked.Valid<>(sent));
        assertThat(received.then(SnapshotMessage::snapshot).problems()).isEmpty();
    }

    @Test
    void theExampleShowsEveryProperty() throws IOException {
        var shown = new HashSet<String>();
        gather(read(Files.readAllBytes(EXAMPLE)), shown);

        assertThat(shown).containsAll(properties());
    }

    @Test
    void thePageNamesEveryProperty() throws IOException {
        var page = Files.readString(PAGE);

        assertThat(properties()).allSatisfy(property -> {
            var name = property.substring(property.indexOf('.') + 1);
            assertThat(page).contains("`" + name + "`");
        });
    }

    /// As `OriginDocument.id`; ids of whole documents are given by the control plane, and not shown.
    private static Set<String> properties() {
        var properties = new HashSet<String>();
        for (var type : Everything.types(ConfigurationDocument.class)) {
            for (var component : type.getRecordComponents()) {
                properties.add(type.getSimpleName() + "." + component.getName());
            }
        }
        Stream.of("Distribution", "CachePolicy", "OriginRequestPolicy", "ResponseHeadersPolicy")
                .forEach(kind -> properties.remove(kind + "Document.id"));
        return properties;
    }

    private static void gather(Object value, Set<String> shown) {
        switch (value) {
            case List<?> list -> list.forEach(element -> gather(element, shown));
            case Record document ->
                Arrays.stream(document.getClass().getRecordComponents()).forEach(component -> {
                    try {
                        var said = component.getAccessor().invoke(document);
                        if (said == null) return;
                        shown.add(document.getClass().getSimpleName() + "." + component.getName());
                        gather(said, shown);
                    } catch (ReflectiveOperationException e) {
                        throw new LinkageError(e.getMessage(), e);
                    }
                });
            default -> {}
        }
    }

    private static ConfigurationDocument read(byte[] json) {
        return switch (Json.read(json, ConfigurationDocument.class)) {
            case Checked.Valid<ConfigurationDocument>(var document) -> document;
            case Checked.Invalid<ConfigurationDocument>(var problems) -> throw new AssertionError(problems.toString());
        };
    }
}
