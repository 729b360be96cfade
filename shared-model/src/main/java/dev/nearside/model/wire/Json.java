package dev.nearside.model.wire;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.yasson.YassonConfig;
import org.eclipse.yasson.YassonJsonb;

/// Reads and writes the records of this package and those below it.
///
/// Binding alone stops at the first problem and is lenient about repeated properties and numbers, so a
/// document is walked as a tree first; only one without a problem is bound.
public final class Json {

    private static final YassonJsonb BINDING =
            (YassonJsonb) JsonbBuilder.create(new YassonConfig().withFailOnUnknownProperties(true));

    private Json() {}

    /// Reads a document as a record.
    ///
    /// @return the record, or every problem: not JSON; else repeated and unknown properties, wrong types, and what
    ///     {@link ConfigurationReader} would say of the rest
    public static <T extends Record> Checked<T> read(String text, Class<T> type) {
        return JsonTree.parse(text).then(tree -> bind(tree.value(), tree.repeated(), type));
    }

    /// Reads a document in UTF-8 as a record.
    public static <T extends Record> Checked<T> read(byte[] utf8, Class<T> type) {
        return text(utf8).then(text -> read(text, type));
    }

    private static Checked<String> text(byte[] utf8) {
        try {
            var decoder = StandardCharsets.UTF_8.newDecoder();
            return new Checked.Valid<>(decoder.decode(ByteBuffer.wrap(utf8)).toString());
        } catch (CharacterCodingException e) {
            return new Checked.Invalid<>(JsonTree.problem("", "not UTF-8 (expected: JSON in UTF-8)"));
        }
    }

    /// Reads what another release may have written: a property that this one does not know is left out. For what our
    /// own programs say to each other and keep, never for what an operator writes, where it may be one misspelt.
    public static <T extends Record> Checked<T> readKnown(String text, Class<T> type) {
        return JsonTree.parse(text).then(tree -> switch (bind(tree.value(), tree.repeated(), type)) {
            case Checked.Valid<T> valid -> valid;
            case Checked.Invalid<T> _ -> bind(Known.in(tree.value(), type), tree.repeated(), type);
        });
    }

    /// Reads what another release may have written, in UTF-8.
    public static <T extends Record> Checked<T> readKnown(byte[] utf8, Class<T> type) {
        return text(utf8).then(text -> readKnown(text, type));
    }

    /// The canonical JSON of a record: properties sorted by name, absent ones left out. Equal records give equal text.
    public static String write(Object value) {
        return BINDING.toJson(value);
    }

    private static <T extends Record> T bound(JsonStructure tree, Class<T> type) {
        // Yasson takes a plain value out of a text as it stands, but not out of a tree.
        return Shape.holdsAnyValue(type)
                ? BINDING.fromJson(tree.toString(), type)
                : BINDING.fromJsonStructure(tree, type);
    }

    private static <T extends Record> Checked<T> bind(JsonValue tree, List<Problem> repeated, Class<T> type) {
        var shape = new ArrayList<>(repeated);
        shape.addAll(Shape.check(tree, type));
        // Inside a document null means absent; a document itself cannot be.
        if (tree.equals(JsonValue.NULL)) shape.addAll(JsonTree.problem("", "null (expected: an object)"));
        try {
            if (shape.isEmpty()) return new Checked.Valid<>(bound((JsonStructure) tree, type));
            if (!(tree instanceof JsonObject)) return new Checked.Invalid<>(shape);
            var left = BINDING.fromJsonStructure((JsonStructure) Salvage.readable(tree, shape), type);
            return new Checked.Invalid<>(Salvage.problems(shape, left));
        } catch (JsonbException | JsonException e) {
            return new Checked.Invalid<>(
                    shape.isEmpty() ? JsonTree.problem("", "cannot be read: " + e.getMessage()) : shape);
        }
    }
}
