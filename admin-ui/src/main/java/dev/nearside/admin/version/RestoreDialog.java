package dev.nearside.admin.version;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.TextField;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.ControlPlane.Gone;
import dev.nearside.admin.control.DocumentKind;
import dev.nearside.admin.fleet.ConfigurationChanged;

/// Shows what restoring an earlier version changes, and restores it.
final class RestoreDialog extends Dialog {

    private final Div body = new Div();

    /// @param differences from the newest version to the one that is restored
    /// @param done is run once it is restored
    RestoreDialog(
            ControlPlane controlPlane,
            DocumentKind kind,
            String id,
            long version,
            long newest,
            Component differences,
            Runnable done) {
        setId("restore-dialog");
        setWidth("min(60rem, 94vw)");
        setHeaderTitle("Restore version " + version + "?");
        var comment = new TextField("Comment");
        comment.setId("restore-comment");
        comment.setPlaceholder("Why?");
        comment.setWidthFull();
        body.addClassNames("dialog-body", "wide");
        body.add(
                new Paragraph("It is saved as version %d. Edges get it with the next snapshot.".formatted(newest + 1)),
                differences,
                comment);
        add(body);
        var confirm = new Button("Restore");
        confirm.setId("restore-confirm");
        confirm.addThemeVariants(ButtonVariant.PRIMARY);
        confirm.setDisableOnClick(true);
        confirm.addClickListener(_ -> {
            var answer = controlPlane.restore(
                    kind, id, version, newest, comment.getValue().strip());
            if (answer instanceof Done<Gone>) {
                close();
                ConfigurationChanged.announce();
                Trouble.done("Version %d is restored as version %d.".formatted(version, newest + 1));
                done.run();
            } else {
                confirm.setEnabled(true);
                var trouble = Trouble.note(answer);
                if (trouble != null) body.addComponentAsFirst(trouble.alert());
            }
        });
        getFooter().add(new Button("Cancel", _ -> close()), confirm);
    }
}
