package dev.nearside.admin.fleet;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.TextArea;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Differences;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.rollout.RolloutForm;
import dev.nearside.model.wire.api.Draft;
import dev.nearside.model.wire.api.NewSnapshot;
import dev.nearside.model.wire.api.Snapshots;

/// Publishes what is saved: asks why, then shows how the new snapshot reaches each edge.
final class PublishDialog extends Dialog {

    private final ControlPlane controlPlane;
    private final Pulse pulse;
    private final Draft draft;
    private final Div body = new Div();
    private final TextArea comment = new TextArea("Comment");
    private final RolloutForm rollout = new RolloutForm();
    private final Button publish = new Button("Publish");
    private final Button close = new Button("Cancel", _ -> close());

    /// @param draft what is published, as the person sees it; nothing that is saved later
    PublishDialog(ControlPlane controlPlane, Pulse pulse, Draft draft) {
        this.controlPlane = controlPlane;
        this.pulse = pulse;
        this.draft = draft;
        setId("publish-dialog");
        setWidth("min(60rem, 94vw)");
        setHeaderTitle("Publish " + Words.count(draft.documents().size(), "change", "changes"));
        comment.setId("publish-comment");
        comment.setPlaceholder("What changes, and why? The next person reads this in the list of snapshots.");
        comment.setWidthFull();
        comment.setMinRows(3);
        body.addClassNames("dialog-body", "wide");
        body.add(
                new Paragraph("The latest version of every distribution and policy becomes a new numbered snapshot. "
                        + "It is checked first; edges take it over as a whole, without a restart."),
                comment,
                rollout,
                Differences.ofDocuments(draft.documents()),
                new ApiCall(
                        new Curl(controlPlane.address()).post("/snapshots", new NewSnapshot("Why I publish", null))));
        add(body);
        publish.setId("publish-confirm");
        publish.addThemeVariants(ButtonVariant.PRIMARY);
        publish.setDisableOnClick(true);
        publish.addClickListener(_ -> publish());
        TrialNote.of(controlPlane, this).ifPresent(note -> {
            publish.setEnabled(false);
            body.addComponentAsFirst(note);
        });
        close.setId("publish-close");
        getFooter().add(close, publish);
    }

    private void publish() {
        var why = comment.getValue().strip();
        var trial = rollout.wanted();
        var answer = trial.isEmpty()
                ? controlPlane.publish(why, draft.etag())
                : controlPlane.publish(why, draft.etag(), trial.get());
        if (answer instanceof Done<Snapshots.Item>(var snapshot)) {
            published(snapshot, trial.isPresent());
        } else {
            publish.setEnabled(true);
            var trouble = Trouble.note(answer);
            if (trouble != null) body.addComponentAsFirst(trouble.alert());
        }
    }

    private void published(Snapshots.Item snapshot, boolean isOnTrial) {
        ConfigurationChanged.announce();
        if (isOnTrial) {
            // A dialog that is closed belongs to no page any more.
            var ui = getUI();
            close();
            ui.ifPresent(page -> Link.follow(page, Places.ROLLOUTS));
            return;
        }
        setHeaderTitle("Snapshot " + snapshot.version() + " is published");
        publish.setVisible(false);
        close.setText("Close");
        body.removeAll();
        body.add(
                new Note(
                        Tone.GOOD,
                        "Published",
                        "Edges take it over as soon as it reaches them, usually within a second."),
                EdgeProgress.watching(controlPlane, pulse, snapshot));
    }
}
