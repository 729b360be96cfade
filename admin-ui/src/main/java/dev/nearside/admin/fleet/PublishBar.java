package dev.nearside.admin.fleet;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.nearside.admin.component.Away;
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
import dev.nearside.admin.control.Answer.Unreachable;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.Snapshots;
import java.time.Duration;

/// Says on every page what an operator has to know wherever they are: that the control plane cannot be reached, that a
/// snapshot is on trial, that there are saved changes which no edge runs yet.
public final class PublishBar extends Div {

    private final ControlPlane controlPlane;
    private final Role role;
    private final Pulse pulse;
    private Seen shown = new Seen(false, LiveSnapshots.NONE, 0);

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

    /// Looks again, because something was just saved or published here. While nobody answers, no page waits for this.
    public void refresh() {
        if (shown.isAway()) getUI().ifPresent(ui -> pulse.once(ui, controlPlane::snapshots, this::show));
        else show(controlPlane.snapshots());
    }

    private record Seen(boolean isAway, LiveSnapshots live, int changes) {

        Seen with(Answer<Snapshots> answer) {
            return switch (answer) {
                case Done<Snapshots>(var found) ->
                    new Seen(false, LiveSnapshots.of(found.items()), found.unpublishedChanges());
                case Unreachable<Snapshots> _ -> new Seen(true, live, changes);
                case Answer<Snapshots> _ -> this;
            };
        }
    }

    private void show(Answer<Snapshots> answer) {
        var now = shown.with(answer);
        if (now.equals(shown)) return;
        var isBack = shown.isAway() && !now.isAway();
        shown = now;
        removeAll();
        if (now.isAway()) add(away());
        if (now.live().trial() != 0) add(trial(now.live()));
        if (now.changes() > 0) add(changes(now.changes()));
        setVisible(getChildren().findAny().isPresent());
        if (isBack) getUI().ifPresent(Away.Over::announce);
    }

    private static Div away() {
        return line(
                new StateLabel(Tone.BAD, "The control plane cannot be reached"),
                said("What is shown may be old. Edges go on answering viewers as they are."));
    }

    private static Div trial(LiveSnapshots live) {
        var line = line(
                new StateLabel(Tone.BUSY, "Snapshot " + live.trial() + " is on trial"),
                said("On %d of %d edges; the others run snapshot %d."
                        .formatted(live.on(live.trial()), live.byEdge().size(), live.current())),
                new Link(Places.ROLLOUTS, "Watch it, promote it or roll it back"));
        line.setId("trial-line");
        return line;
    }

    private Div changes(int changes) {
        var publish = new Button(
                "Publish…",
                _ -> Trouble.valueOrTell(controlPlane.draft())
                        .ifPresent(draft -> new PublishDialog(controlPlane, pulse, draft).open()));
        publish.setId("publish-button");
        publish.addThemeVariants(ButtonVariant.PRIMARY);
        return line(
                new StateLabel(Tone.WARN, Words.count(changes, "unpublished change", "unpublished changes")),
                said("Edges keep running the published snapshot until you publish a new one."),
                new Link(Places.DRAFT, "Review"),
                new Permitted(role, Role.OPERATOR, publish));
    }

    private static Span said(String words) {
        var what = new Span(words);
        what.addClassName("what");
        return what;
    }

    private static Div line(Component... parts) {
        var line = new Div(parts);
        line.addClassName("bar-line");
        return line;
    }
}
