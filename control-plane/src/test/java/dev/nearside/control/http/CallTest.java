package dev.nearside.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.api.NewInvalidation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a body may hold.
class CallTest {

    private static Checked<NewInvalidation> read(String body) {
        return new Call(
                        new Caller.Stranger(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        body.getBytes(StandardCharsets.UTF_8),
                        "192.0.2.1",
                        true)
                .document(NewInvalidation.class);
    }

    @Test
    void moreValuesThanMemoryHoldsAreRefusedBeforeTheyAreRead() {
        assertThat(read("{\"paths\": [" + "[],".repeat(400_000) + "[]]}").problems())
                .extracting(Problem::message)
                .containsExactly("400001 values and more (expected: at most 400000)");
    }

    @Test
    void textsAreOneValueWhateverIsInThem() {
        var path = "/" + "[,{\\\"\\\\".repeat(100_000);

        assertThat(read("{\"paths\": [\"" + path + "\"]}"))
                .isInstanceOfSatisfying(
                        Checked.Valid.class,
                        valid -> assertThat(((NewInvalidation) valid.value()).paths())
                                .isEqualTo(List.of("/" + "[,{\"\\".repeat(100_000))));
    }
}
