package dev.nearside.model.wire;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.check.Problems;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParsingException;
import java.io.StringReader;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Text to a tree of JSON values, strictly: one document, no repeated property, bounded depth.
final class JsonTree {

    private static final int MAX_DEPTH = 64;

    private static final Pattern UNEXPECTED =
            Pattern.compile("^Invalid token=(\\w+) .*Expected tokens are: \\[([\\w, ]+)]");
    private static final Pattern ODD_CHARACTER = Pattern.compile("^Unexpected char (\\d{1,7}) ");
    private final JsonParser parser;

    /// A document.
    ///
    /// @param repeated properties that were said more than once; the last one counts
    record Parsed(JsonValue value, List<Problem> repeated) {}

    private JsonTree(JsonParser parser) {
        this.parser = parser;
    }

    static Checked<Parsed> parse(String text) {
        var problems = Problems.none();
        try (var parser = Json.createParser(new StringReader(text))) {
            var value = new JsonTree(parser).value(parser.next(), problems, 0);
            if (parser.hasNext()) parser.next(); // throws on whatever stands behind the document
            return new Checked.Valid<>(new Parsed(value, problems.list()));
        } catch (TooDeep e) {
            return new Checked.Invalid<>(problem("", "nested too deep (expected: at most " + MAX_DEPTH + " levels)"));
        } catch (JsonParsingException e) {
            return new Checked.Invalid<>(problem("", "not JSON, at " + where(e, text)));
        } catch (JsonException e) {
            return new Checked.Invalid<>(problem("", "not JSON: " + e.getMessage()));
        }
    }

    private static String where(JsonParsingException e, String text) {
        var at = e.getLocation();
        var met = unexpected(e.getMessage());
        if (at.getStreamOffset() < text.length()) {
            return "line %d, column %d%s".formatted(at.getLineNumber(), at.getColumnNumber(), met);
        }
        // Behind the end the parser has lost count.
        long line = text.chars().filter(c -> c == '\n').count() + 1;
        return "line %d, column %d%s"
                .formatted(line, text.length() - text.lastIndexOf('\n'), met.isEmpty() ? ": " + sign("EOF") : met);
    }

    /// What the parser met, in the signs of JSON in place of its names of tokens; empty if it says something else.
    private static String unexpected(@Nullable String message) {
        if (message == null) return "";
        var said = UNEXPECTED.matcher(message);
        if (!said.find()) {
            var odd = ODD_CHARACTER.matcher(message);
            return odd.find() ? ": %s stands there".formatted(Character.toString(Integer.parseInt(odd.group(1)))) : "";
        }
        var expected =
                Stream.of(said.group(2).split(", ", -1)).map(JsonTree::sign).collect(Collectors.joining(" or "));
        // It tells what ends an object, whatever has begun.
        if (said.group(1).equals("EOF") && expected.equals("a comma or }")) expected = "a comma, ] or }";
        if (said.group(1).equals("CURLYCLOSE") && expected.equals("a comma")) expected = "a comma or ]";
        if (said.group(1).equals("SQUARECLOSE") && expected.equals("a comma")) expected = "a comma or }";
        return ": %s (expected: %s)".formatted(sign(said.group(1)), expected);
    }

    private static String sign(String token) {
        return switch (token) {
            case "CURLYOPEN" -> "{";
            case "CURLYCLOSE" -> "}";
            case "SQUAREOPEN" -> "[";
            case "SQUARECLOSE" -> "]";
            case "COLON" -> "a colon";
            case "COMMA" -> "a comma";
            case "EOF" -> "the end of the document";
            default -> token.toLowerCase(Locale.ROOT);
        };
    }

    static List<Problem> problem(String path, String message) {
        return List.of(new Problem(path, message));
    }

    private JsonValue value(JsonParser.Event event, Problems at, int depth) {
        if (depth > MAX_DEPTH) throw new TooDeep();
        return switch (event) {
            case START_OBJECT -> object(at, depth);
            case START_ARRAY -> array(at, depth);
            case VALUE_NUMBER -> number(at);
            case VALUE_STRING, VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> parser.getValue();
            case KEY_NAME, END_OBJECT, END_ARRAY ->
                throw new IllegalStateException("the parser promises a value, gave " + event);
        };
    }

    /// The parser gives up on numbers that take long to read.
    private JsonValue number(Problems at) {
        try {
            return parser.getValue();
        } catch (UnsupportedOperationException | NumberFormatException _) {
            at.add("a number too long to be read (expected: at most 1100 digits)");
            return JsonValue.NULL;
        }
    }

    private JsonValue object(Problems at, int depth) {
        var object = Json.createObjectBuilder();
        var names = new HashSet<String>();
        while (parser.next() != JsonParser.Event.END_OBJECT) {
            var name = parser.getString();
            if (!names.add(name)) at.at(name).add("repeated (expected: once)");
            object.add(name, value(parser.next(), at.at(name), depth + 1));
        }
        return object.build();
    }

    private JsonValue array(Problems at, int depth) {
        var array = Json.createArrayBuilder();
        int index = 0;
        for (var event = parser.next(); event != JsonParser.Event.END_ARRAY; event = parser.next()) {
            array.add(value(event, at.at(index++), depth + 1));
        }
        return array.build();
    }

    /// Ends the walk of a document that is nested too deep, before the stack does.
    private static final class TooDeep extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooDeep() {
            super(null, null, false, false);
        }
    }
}
