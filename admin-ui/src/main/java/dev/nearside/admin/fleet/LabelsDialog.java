package dev.nearside.admin.fleet;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.TextArea;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Refused;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.LabelsReader;
import dev.nearside.model.wire.api.Edges;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Changes what an edge is chosen by, one `name=value` a line.
final class LabelsDialog extends Dialog {

    private final ControlPlane controlPlane;
    private final Runnable saved;
    private final TextArea labels = new TextArea("Labels");
    private final Div messages = new Div();

    /// What the next attempt replaces.
    private Edges.Item edge;

    LabelsDialog(ControlPlane controlPlane, Edges.Item edge, Runnable saved) {
        this.controlPlane = controlPlane;
        this.edge = edge;
        this.saved = saved;
        setHeaderTitle("Labels of " + edge.name());
        labels.setId("labels");
        labels.setWidthFull();
        labels.setMinRows(3);
        labels.setPlaceholder("site=ams");
        labels.setValue(String.join("\n", said(edge)));
        messages.setId("labels-messages");
        messages.addClassName("messages");
        add(new Paragraph("One a line, as name=value. Rollouts choose edges by them."), labels, messages);
        var save = new Button("Save", _ -> save());
        save.setId("labels-save");
        save.addThemeVariants(ButtonVariant.PRIMARY);
        getFooter().add(new Button("Cancel", _ -> close()), save);
    }

    private static List<String> said(Edges.Item edge) {
        return new TreeMap<>(edge.labels())
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .toList();
    }

    private void save() {
        labels.setInvalid(false);
        messages.removeAll();
        switch (LabelsReader.read(written())) {
            case Checked.Invalid<Map<String, String>>(var problems) -> {
                labels.setInvalid(true);
                labels.setErrorMessage(problems.getFirst().toString());
            }
            case Checked.Valid<Map<String, String>>(var wanted) ->
                mark(controlPlane.labelEdge(edge.id(), edge.etag(), wanted));
        }
    }

    private void mark(Answer<Edges.Item> answer) {
        if (answer instanceof Refused<Edges.Item> refused && refused.isConflict()) {
            Trouble.valueOrTell(controlPlane.edge(edge.id())).ifPresent(this::conflict);
            return;
        }
        Trouble.valueOrTell(answer).ifPresent(_ -> {
            close();
            saved.run();
        });
    }

    /// Somebody was faster. What was written stays, and the next attempt is made with open eyes.
    private void conflict(Edges.Item now) {
        edge = now;
        messages.add(new Note(
                        Tone.WARN,
                        "Somebody changed " + now.name() + " meanwhile",
                        "Yours is not saved. Save again to replace its labels, which are now:",
                        said(now))
                .alert());
    }

    /// What has no `=` becomes a label without a value, which is then refused by its name.
    private Map<String, String> written() {
        var written = new TreeMap<String, String>();
        labels.getValue()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .forEach(line -> {
                    int equals = line.indexOf('=');
                    if (equals < 0) written.put(line, "");
                    else
                        written.put(
                                line.substring(0, equals).strip(),
                                line.substring(equals + 1).strip());
                });
        return written;
    }
}
