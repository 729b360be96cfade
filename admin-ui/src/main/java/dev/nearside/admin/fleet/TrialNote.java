package dev.nearside.admin.fleet;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.control.ControlPlane;
import java.util.Optional;

/// Says in a dialog that nothing can be published, because a snapshot is on trial, and leads to where that is ended.
final class TrialNote extends Note {

    private TrialNote(long trial, Dialog dialog) {
        super(
                Tone.WARN,
                "Snapshot " + trial + " is on trial",
                "Nothing else is published before it is promoted or rolled back.");
        setId("trial-note");
        var go = new Button("To the rollout", _ -> {
            // A dialog that is closed belongs to no page any more.
            var ui = dialog.getUI();
            dialog.close();
            ui.ifPresent(page -> Link.follow(page, Places.ROLLOUTS));
        });
        go.setId("trial-go");
        var buttons = new Div(go);
        buttons.addClassName("buttons");
        with(buttons);
    }

    /// The note for this dialog; nothing if no snapshot is on trial.
    static Optional<TrialNote> of(ControlPlane controlPlane, Dialog dialog) {
        var trial = LiveSnapshots.of(controlPlane).trial();
        return trial == 0 ? Optional.empty() : Optional.of(new TrialNote(trial, dialog));
    }
}
