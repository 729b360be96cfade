package dev.nearside.control.configuration;

import dev.nearside.model.wire.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// A whole configuration as a text that is kept in git: equal configurations give equal bytes.
///
/// Documents are sorted by name, properties by theirs; each stands on a line of its own, and the last line ends.
public record ConfigurationText(String text) {
    private static final int HASH_SHOWN = 32;

    public static ConfigurationText of(List<Version> versions) {
        var documents = versions.stream()
                .sorted(Comparison.BY_KIND_AND_NAME)
                .map(Document::stored)
                .toList();
        var text = new StringBuilder();
        write(Difference.tree(Json.write(Documents.of(documents).configuration())), "", text);
        return new ConfigurationText(text.append('\n').toString());
    }

    /// The first half of the SHA-256 of the text, in hexadecimal.
    public String hash() {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of()
                    .formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)))
                    .substring(0, HASH_SHOWN);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public String etag() {
        return "\"" + hash() + "\"";
    }

    private static void write(JsonValue value, String indent, StringBuilder text) {
        switch (value) {
            case JsonObject object
            when !object.isEmpty() -> {
                var separator = "{\n";
                for (var member : object.entrySet()) {
                    text.append(separator).append(indent).append("  ");
                    text.append(Difference.quoted(member.getKey())).append(": ");
                    write(member.getValue(), indent + "  ", text);
                    separator = ",\n";
                }
                text.append('\n').append(indent).append('}');
            }
            case JsonArray array
            when !array.isEmpty() -> {
                var separator = "[\n";
                for (var element : array) {
                    text.append(separator).append(indent).append("  ");
                    write(element, indent + "  ", text);
                    separator = ",\n";
                }
                text.append('\n').append(indent).append(']');
            }
            default -> text.append(value);
        }
    }
}
