package dev.nearside.admin.rollout;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.nearside.admin.component.Facts;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Meter;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Panel;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Table;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.ControlPlane.RolloutEnd;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.Rollouts;
import dev.nearside.model.wire.api.Snapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// The parts of a page that shows one rollout.
record RolloutParts(ControlPlane controlPlane, Role role) {

    List<Component> of(Rollouts.Item rollout, Instant now) {
        var parts = new ArrayList<Component>();
        if (!RolloutWords.isUnderWay(rollout)) parts.add(ending(rollout));
        if (rollout.lostSince() != null) {
            parts.add(new Note(
                    Tone.WARN,
                    "Most canaries cannot be reached",
                    "If that stays so for half a minute, the snapshot is rolled back."));
        }
        parts.add(summary(rollout, now));
        parts.add(guards(rollout));
        if (!rollout.canaries().isEmpty()) parts.add(canaries(rollout));
        return parts;
    }

    private static Note ending(Rollouts.Item rollout) {
        boolean isGood = rollout.state().equals("promoted");
        var by = "rollout".equals(rollout.endedBy()) ? "by itself" : "by " + rollout.endedBy();
        return new Note(
                isGood ? Tone.GOOD : Tone.BAD,
                "%s %s: every edge runs snapshot %d"
                        .formatted(isGood ? "Promoted" : "Rolled back", by, rollout.finalVersion()),
                Objects.requireNonNullElse(rollout.reason(), ""));
    }

    private static Panel summary(Rollouts.Item rollout, Instant now) {
        var facts = new Facts()
                .fact("On trial", snapshot(rollout.snapshotVersion()))
                .fact("The others run", snapshot(rollout.previousVersion()))
                .fact("Canaries", RolloutWords.canaries(rollout.plan()))
                .fact("Watched for", Objects.requireNonNullElse(rollout.plan().duration(), ""))
                .fact("Started", Words.instant(rollout.startTime()))
                .fact("By", rollout.author());
        if (!rollout.comment().isBlank()) facts.fact("Comment", rollout.comment());
        if (!RolloutWords.isUnderWay(rollout)) {
            facts.fact("Ended", Words.instantOrDash(rollout.endTime()));
            return new Panel("Rollout", facts).tool(RolloutWords.state(rollout.state()));
        }
        var left = new Span(RolloutWords.left(rollout, now));
        left.setId("rollout-left");
        var time = new Div(left, new Meter.Bar("Time watched", RolloutWords.progress(rollout, now)));
        time.addClassName("stack");
        return new Panel("Rollout", facts, time).tool(RolloutWords.state(rollout.state()));
    }

    private static Link snapshot(long version) {
        return new Link(Places.snapshot(version), "Snapshot " + version);
    }

    private static Panel guards(Rollouts.Item rollout) {
        var figures = rollout.figures();
        if (figures == null || figures.guards().isEmpty()) {
            return new Panel(
                    "Guards",
                    new Span(
                            figures == null
                                    ? "Nothing is counted before the canaries run the snapshot."
                                    : "Nothing is watched; only the time counts."));
        }
        var table = new Table<Rollouts.Guard>("guards", "Guards")
                .rowId(guard -> "guard-" + guard.name())
                .text("Guard", RolloutWords::name)
                .number("Canaries", guard -> RolloutWords.figure(guard, guard.canaries()))
                .number("The others", guard -> RolloutWords.figure(guard, guard.others()))
                .text("Allowed", RolloutWords::allowed)
                .column("Says", guard -> RolloutWords.guard(guard.state()));
        table.show(figures.guards());
        var guards = rollout.plan().guards();
        var needed = guards == null || guards.minRequests() == null ? 0 : guards.minRequests();
        return new Panel("Guards", table)
                .note(String.format(
                        Locale.ROOT,
                        "%,d requests on the canaries, %,d on the others; at least %,d each are needed",
                        figures.canaryRequests(),
                        figures.otherRequests(),
                        needed));
    }

    private static Panel canaries(Rollouts.Item rollout) {
        var table = new Table<Snapshots.EdgeState>("canaries", "Canaries")
                .rowId(edge -> "canary-" + edge.name())
                .text("Edge", Snapshots.EdgeState::name)
                .column("State", edge -> RolloutWords.canary(edge.state()));
        table.show(rollout.canaries());
        return new Panel("Canaries", table);
    }

    /// What can be done with a rollout that is under way.
    Permitted ends(Rollouts.Item rollout, Runnable afterwards) {
        var abort = new Button(
                "Roll back",
                _ -> confirm(
                        rollout,
                        RolloutEnd.ABORT,
                        "Every edge gets the content of snapshot %d, under a new number."
                                .formatted(rollout.previousVersion()),
                        afterwards));
        abort.setId("rollout-abort");
        var promote = new Button(
                "Promote",
                _ -> confirm(
                        rollout,
                        RolloutEnd.PROMOTE,
                        "Every edge gets snapshot %d now, whatever the guards say."
                                .formatted(rollout.snapshotVersion()),
                        afterwards));
        promote.setId("rollout-promote");
        promote.addThemeVariants(ButtonVariant.PRIMARY);
        return new Permitted(role, Role.OPERATOR, abort, promote);
    }

    private void confirm(Rollouts.Item rollout, RolloutEnd end, String what, Runnable afterwards) {
        var dialog = new ConfirmDialog();
        dialog.setHeader(end == RolloutEnd.PROMOTE ? "Promote it now?" : "Roll it back now?");
        dialog.setText(what);
        dialog.setCancelable(true);
        dialog.setConfirmText(end == RolloutEnd.PROMOTE ? "Promote" : "Roll back");
        dialog.addConfirmListener(_ -> {
            Trouble.valueOrTell(controlPlane.endRollout(rollout.snapshotVersion(), rollout.etag(), end))
                    .ifPresent(ended -> Trouble.done("Every edge gets snapshot %d.".formatted(ended.finalVersion())));
            afterwards.run();
        });
        dialog.open();
    }
}
