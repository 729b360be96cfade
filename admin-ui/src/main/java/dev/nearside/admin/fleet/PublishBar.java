package dev.nearside.admin.fleet;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.component.StateLabel;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.Snapshots;
import java.time.Duration;

/// Says on every page that there are saved changes which no edge runs yet, and how to publish them.
public final class PublishBar extends Div {

    private final ControlPlane controlPlane;
    private final Role role;
    private final Pulse pulse;
    private int shown = -1;

    public PublishBar(ControlPlane controlPlane, Role role, Pulse pulse) {
        this.controlPlane = controlPlane;
        this.role = role;
        this.pulse = pulse;
        setId("publish-bar");
        addClassName("publish-bar");
        getElement().setAttribute("role", "status");
        setVisible(false);
        // Others save and publish as well.
        pulse.keep(this, Duration.ofSeconds(4), controlPlane::snapshots, this::show);
    }

    /// Looks again, because something was just saved or published here.
    public void refresh() {
        show(controlPlane.snapshots());
    }

    private void show(Answer<Snapshots> answer) {
        if (!(answer instanceof Done<Snapshots>(var snapshots)) || snapshots.unpublishedChanges() == shown) return;
        shown = snapshots.unpublishedChanges();
        setVisible(shown > 0);
        removeAll();
        if (shown == 0) return;
        var what = new Span("Edges keep running the published snapshot until you publish a new one.");
        what.addClassName("what");
        var publish = new Button(
                "Publish…",
                _ -> Trouble.valueOrTell(controlPlane.draft())
                        .ifPresent(draft -> new PublishDialog(controlPlane, pulse, draft).open()));
        publish.setId("publish-button");
        publish.addThemeVariants(ButtonVariant.PRIMARY);
        add(
                new StateLabel(Tone.WARN, Words.count(shown, "unpublished change", "unpublished changes")),
                what,
                new Link(Places.DRAFT, "Review"),
                new Permitted(role, Role.OPERATOR, publish));
    }
}
