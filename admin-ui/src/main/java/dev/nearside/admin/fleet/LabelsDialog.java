package dev.nearside.admin.fleet;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.TextArea;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.LabelsReader;
import dev.nearside.model.wire.api.Edges;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Changes what an edge is chosen by, one `name=value` a line.
final class LabelsDialog extends Dialog {

    private final ControlPlane controlPlane;
    private final Edges.Item edge;
    private final Runnable saved;
    private final TextArea labels = new TextArea("Labels");

    LabelsDialog(ControlPlane controlPlane, Edges.Item edge, Runnable saved) {
        this.controlPlane = controlPlane;
        this.edge = edge;
        this.saved = saved;
        setHeaderTitle("Labels of " + edge.name());
        labels.setId("labels");
        labels.setWidthFull();
        labels.setMinRows(3);
        labels.setPlaceholder("site=ams");
        labels.setValue(new TreeMap<>(edge.labels())
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining("\n")));
        add(new Paragraph("One a line, as name=value. Rollouts choose edges by them."), labels);
        var save = new Button("Save", _ -> save());
        save.setId("labels-save");
        save.addThemeVariants(ButtonVariant.PRIMARY);
        getFooter().add(new Button("Cancel", _ -> close()), save);
    }

    private void save() {
        switch (LabelsReader.read(written())) {
            case Checked.Invalid<Map<String, String>>(var problems) -> {
                labels.setInvalid(true);
                labels.setErrorMessage(problems.getFirst().toString());
            }
            case Checked.Valid<Map<String, String>>(var wanted) ->
                Trouble.valueOrTell(controlPlane.labelEdge(edge.id(), edge.etag(), wanted))
                        .ifPresent(_ -> {
                            close();
                            saved.run();
                        });
        }
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
