package dev.nearside.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.check.Problems;
import dev.nearside.model.wire.feed.SnapshotMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

    /// A document without rules of its own.
    public record Sample(
            @Nullable String name,
            @Nullable Long minTTL,
            @Nullable Boolean enableAcceptEncodingGzip,
            @Nullable HeadersConfig headersConfig) {}

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # document                                                          | every problem, in order
            ``                                                                  | not JSON
            {                                                                   | not JSON, at line 1, column 2: the end of the document (expected: string or })
            {"names": ["a"                                                      | not JSON, at line 1, column 15: the end of the document (expected: a comma, ] or })
            {"name": "a                                                         | not JSON, at line 1, column 12: the end of the document
            {"names": ["a"}                                                     | not JSON, at line 1, column 15: } (expected: a comma or ])
            [{"name": "a"]                                                      | not JSON, at line 1, column 14: ] (expected: a comma or })
            {"name": "a",, "b": 1}                                              | not JSON, at line 1, column 14: a comma (expected: string)
            {"name": "a" "b": 1}                                                | not JSON, at line 1, column 16: string (expected: a comma)
            {"name": /* or */ "a"}                                              | not JSON, at line 1, column 10: / stands there
            {} {}                                                               | not JSON
            []                                                                  | a list (expected: an object)
            {"name": 5}                                                         | name: 5 (expected: a text)
            {"name": "a", "name": "b"}                                          | name: repeated
            {"nme": "a"}                                                        | nme: unknown property
            {"minTTL": "5"}                                                     | minTTL: "5" (expected: a whole number)
            {"minTTL": 1.5}                                                     | minTTL: 1.5 (expected: a whole number)
            {"minTTL": 99999999999999999999}                                    | minTTL: 99999999999999999999 (expected: a whole number)
            {"minTTL": 1e999999999}                                             | minTTL:
            {"enableAcceptEncodingGzip": "yes"}                                 | enableAcceptEncodingGzip: "yes" (expected: true or false)
            {"headersConfig": {"headers": ["a", 5, null], "bogus": 1}}          | headersConfig.headers[1]: 5; headersConfig.headers[2]: null; headersConfig.bogus: unknown
            {"headersConfig": []}                                               | headersConfig: a list (expected: an object)
            """)
    void namesEveryProblemWithItsPath(String document, String problems) {
        var read = Json.read(document, Sample.class);

        assertThat(read).isInstanceOf(Checked.Invalid.class);
        var expected = problems.split("; ");
        assertThat(read.problems()).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(read.problems().get(i).toString()).startsWith(expected[i]);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # of another release                                               | what is read, or the first problem
            {"name": "a", "later": {"x": [1]}}                                  | {"name":"a"}
            {"name": "a", "headersConfig": {"headers": ["b"], "later": 1}}      | {"headersConfig":{"headers":["b"]},"name":"a"}
            {"name": 5, "later": 1}                                             | name: 5 (expected: a text)
            {"later": 1, "later": 2}                                            | later: repeated (expected: once)
            null                                                                | : null (expected: an object)
            [{"later": 1}]                                                      | : a list (expected: an object)
            """)
    void leavesOutWhatAnotherReleaseSaysBesides(String document, String expected) {
        var read = Json.readKnown(document, Sample.class);

        assertThat(
                        switch (read) {
                            case Checked.Valid<Sample>(var sample) -> Json.write(sample);
                            case Checked.Invalid<Sample>(var problems) ->
                                problems.getFirst().path() + ": "
                                        + problems.getFirst().message();
                        })
                .isEqualTo(expected);
    }

    @Test
    void aSnapshotIsTheSameMessageAroundJson() {
        var configuration = new ConfigurationDocument(List.of(), List.of(), null, null);
        var message = SnapshotMessage.of(7, configuration);

        assertThat(SnapshotMessage.json(7, message.hash(), Json.write(configuration)))
                .isEqualTo(Json.write(message));
    }

    @Test
    void refusesWhatIsNotUtf8() {
        assertThat(Json.read(new byte[] {'{', (byte) 0xff, '}'}, Sample.class).problems())
                .extracting(Problem::message)
                .containsExactly("not UTF-8 (expected: JSON in UTF-8)");
    }

    @Test
    void refusesADocumentThatIsNestedTooDeep() {
        var document = "{\"name\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertThat(Json.read(document, Sample.class).problems())
                .extracting(Problem::message)
                .containsExactly("nested too deep (expected: at most 64 levels)");
    }

    @Test
    void ofMillionsOfMistakesAThousandAreTold() {
        var document = "{\"distributions\": [" + "{\"x\": 1}, ".repeat(50_000) + "{}]}";

        assertThat(Json.read(document, ConfigurationDocument.class).problems())
                .hasSizeBetween(Problems.MOST_KEPT, 2 * Problems.MOST_KEPT)
                .extracting(Problem::path)
                .contains("distributions[0].x");
    }

    @Test
    void refusesANumberThatIsAsLongAsABook() {
        assertThat(Json.read("{\"minTTL\": " + "7".repeat(100_000) + "}", Sample.class)
                        .problems())
                .hasSize(1);
        assertThat(Json.read("{\"minTTL\": 1e" + "7".repeat(100) + "}", Sample.class)
                        .problems())
                .hasSize(1);
    }

    @Test
    void writesAndReadsBackTheSame() {
        var managed = ManagedPolicies.document();

        assertThat(Json.read(Json.write(managed).getBytes(StandardCharsets.UTF_8), ConfigurationDocument.class))
                .isEqualTo(new Checked.Valid<>(managed));
    }

    @Test
    void nothingIsNoDocument() {
        for (var text : List.of("null", "", "1", "[]", "\"x\"")) {
            assertThat(Json.read(text, ConfigurationDocument.class).problems())
                    .as(text)
                    .hasSize(1);
        }
    }
}
