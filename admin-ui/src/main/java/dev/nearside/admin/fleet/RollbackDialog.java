package dev.nearside.admin.fleet;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.TextField;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Differences;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.model.wire.api.Draft;
import dev.nearside.model.wire.api.NewSnapshot;
import dev.nearside.model.wire.api.SnapshotDifference;
import dev.nearside.model.wire.api.Snapshots;

/// Shows what going back to an earlier snapshot changes for viewers, and goes back.
final class RollbackDialog extends Dialog {

    private final ControlPlane controlPlane;
    private final Pulse pulse;
    private final long wanted;
    private final Div body = new Div();
    private final TextField comment = new TextField("Comment");
    private final Button confirm = new Button("Roll back");
    private final Button close = new Button("Cancel", _ -> close());

    /// @param current the snapshot that edges run now
    RollbackDialog(ControlPlane controlPlane, Pulse pulse, long current, long wanted) {
        this.controlPlane = controlPlane;
        this.pulse = pulse;
        this.wanted = wanted;
        setId("rollback-dialog");
        setWidth("min(60rem, 94vw)");
        setHeaderTitle("Roll back to snapshot " + wanted + "?");
        comment.setId("rollback-comment");
        comment.setPlaceholder("Why?");
        comment.setWidthFull();
        confirm.setId("rollback-confirm");
        confirm.addThemeVariants(ButtonVariant.PRIMARY);
        confirm.setDisableOnClick(true);
        close.setId("rollback-close");
        body.addClassNames("dialog-body", "wide");
        body.add(new Paragraph(
                "The content of snapshot %d is published anew as snapshot %d, and every document gets a version that says so."
                        .formatted(wanted, current + 1)));
        var draft = controlPlane.draft();
        if (draft instanceof Done<Draft>(var unpublished)) {
            if (!unpublished.documents().isEmpty()) {
                body.add(new Note(
                        Tone.WARN,
                        Words.count(unpublished.documents().size(), "unpublished change", "unpublished changes")
                                + " will be given up",
                        "They stay in the history of their documents."));
            }
            confirm.addClickListener(_ -> rollBack(unpublished.etag()));
        } else {
            confirm.setEnabled(false);
            var trouble = Trouble.note(draft);
            if (trouble != null) body.add(trouble);
        }
        body.add(
                differences(current),
                comment,
                new ApiCall(new Curl(controlPlane.address())
                        .post("/snapshots/" + wanted + "/rollback", new NewSnapshot("Why I roll back", null))));
        TrialNote.of(controlPlane, this).ifPresent(note -> {
            confirm.setEnabled(false);
            body.addComponentAsFirst(note);
        });
        add(body);
        getFooter().add(close, confirm);
    }

    private Component differences(long current) {
        var answer = controlPlane.compareSnapshots(current, wanted);
        if (answer instanceof Done<SnapshotDifference>(var difference)) {
            return Differences.ofDocuments(difference.documents());
        }
        var trouble = Trouble.note(answer);
        return trouble == null ? new Div() : trouble;
    }

    private void rollBack(String draft) {
        var answer = controlPlane.rollBack(wanted, comment.getValue().strip(), draft);
        if (answer instanceof Done<Snapshots.Item>(var snapshot)) {
            ConfigurationChanged.announce();
            setHeaderTitle("Snapshot %d holds what snapshot %d held".formatted(snapshot.version(), wanted));
            confirm.setVisible(false);
            close.setText("Close");
            body.removeAll();
            body.add(
                    new Note(
                            Tone.GOOD,
                            "Rolled back",
                            "Edges take it over as soon as it reaches them, usually within a second."),
                    EdgeProgress.watching(controlPlane, pulse, snapshot));
        } else {
            confirm.setEnabled(true);
            var trouble = Trouble.note(answer);
            if (trouble != null) body.addComponentAsFirst(trouble.alert());
        }
    }
}
