package dev.nearside.control.command;

import dev.nearside.model.wire.api.Difference;
import dev.nearside.model.wire.api.DocumentDifference;
import jakarta.json.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What differs, as people read it in a terminal: a line a document, and below it a line a place.
final class DifferenceText {

    private DifferenceText() {}

    static String of(List<DocumentDifference> documents) {
        if (documents.isEmpty()) return "Nothing differs.\n";
        var text = new StringBuilder();
        for (var document : documents) {
            text.append("%s %s %s".formatted(sign(document.change()), document.kind(), document.name()));
            // What is only thought of has no id yet.
            text.append(document.change().equals("added") ? "\n" : " (%s)\n".formatted(document.id()));
            // A whole document says nothing more than that it is there, or not.
            if (!document.change().equals("changed")) continue;
            for (var difference : document.differences())
                text.append("    ").append(line(difference)).append('\n');
        }
        return text.append(documents.size() == 1 ? "1 document differs.\n" : documents.size() + " documents differ.\n")
                .toString();
    }

    private static String line(Difference difference) {
        var place = sign(difference.change()) + " " + difference.path();
        return switch (difference.change()) {
            case "added" -> place + ": " + said(difference.after());
            case "removed" -> place + ": " + said(difference.before());
            case "moved" ->
                "%s: from place %s to %s".formatted(place, said(difference.before()), said(difference.after()));
            default -> "%s: %s -> %s".formatted(place, said(difference.before()), said(difference.after()));
        };
    }

    private static String said(@Nullable JsonValue value) {
        return value == null ? "nothing" : value.toString();
    }

    private static String sign(String change) {
        return switch (change) {
            case "added" -> "+";
            case "removed" -> "-";
            case "moved" -> ">";
            default -> "~";
        };
    }
}
