package dev.nearside.admin.component;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import dev.nearside.admin.control.DocumentKind;
import dev.nearside.model.wire.api.Difference;
import dev.nearside.model.wire.api.DocumentDifference;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What differs, place by place, before and after side by side.
public final class Differences extends Div {

    private Differences() {
        addClassName("differences");
    }

    /// The places in which one document differs.
    public static Component of(String id, List<Difference> differences) {
        if (differences.isEmpty()) return new Note(Tone.GOOD, "Nothing differs", "Both say the same.");
        return table(id, differences);
    }

    /// Every document that differs, under its name.
    public static Component ofDocuments(List<DocumentDifference> documents) {
        if (documents.isEmpty()) return new Note(Tone.GOOD, "Nothing differs", "Both hold the same documents.");
        var all = new Differences();
        for (var document : documents) all.add(document(document));
        return all;
    }

    private static Component document(DocumentDifference document) {
        var kind = DocumentKind.of(document.kind());
        var panel = new Panel(kind.map(DocumentKind::title).orElse(document.kind()) + " " + document.name());
        panel.setId("difference-" + document.id());
        panel.tool(label(document.change()));
        if (kind.isPresent() && document.before() != null && document.after() != null) {
            panel.tool(new Link(
                    Places.versions(kind.get().path(), document.id(), document.before(), document.after()),
                    "Version %d → %d".formatted(document.before(), document.after())));
        }
        panel.add(table("differences-" + document.id(), document.differences()));
        return panel;
    }

    private static Component table(String id, List<Difference> differences) {
        var table = new Table<Difference>(id, "Differences")
                .column("Place", Differences::place)
                .column("Before", difference -> said(difference, difference.before(), "before"))
                .column("After", difference -> said(difference, difference.after(), "after"));
        table.show(differences);
        return table;
    }

    private static Component place(Difference difference) {
        var path = new Span(difference.path().isEmpty() ? "the whole document" : difference.path());
        path.addClassName("mono");
        var cell = new Div(path, label(difference.change()));
        cell.addClassName("stack");
        return cell;
    }

    private static Component said(Difference difference, @Nullable JsonValue value, String side) {
        if (value == null) return new Span("—");
        if (difference.change().equals("moved")) {
            return new Span("place " + (Integer.parseInt(value.toString()) + 1));
        }
        var text = new Pre(value instanceof JsonString words ? words.getString() : Pretty.laidOut(value.toString()));
        text.addClassNames("mono", "said", side);
        return text;
    }

    private static StateLabel label(String change) {
        return switch (change) {
            case "added" -> new StateLabel(Tone.GOOD, "added");
            case "removed" -> new StateLabel(Tone.BAD, "removed");
            case "moved" -> new StateLabel(Tone.PLAIN, "moved");
            default -> new StateLabel(Tone.BUSY, "changed");
        };
    }
}
