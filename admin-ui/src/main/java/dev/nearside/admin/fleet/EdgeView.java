package dev.nearside.admin.fleet;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Copyable;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Facts;
import dev.nearside.admin.component.Glyph;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Meter;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Panel;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.Edges;
import jakarta.annotation.security.PermitAll;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Objects;

/// One edge as its last report told.
@Route(Places.EDGES + "/:id")
@PermitAll
final class EdgeView extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;
    private final InstantSource clock;
    private final Role role;
    private final Button drain = new Button("Drain", _ -> changeDuty());
    private volatile String id = "";
    private boolean isDrained;
    private String offered = "";

    EdgeView(ControlPlane controlPlane, SignedIn person, InstantSource clock, Pulse pulse) {
        super("Edge", "");
        this.controlPlane = controlPlane;
        this.clock = clock;
        this.role = person.role();
        under(new Link(Places.EDGES, "Edges"));
        pulse.keep(this, Duration.ofSeconds(2), this::ask, this::show);
    }

    private record Seen(Answer<Edges.Item> edge, LiveSnapshots live) {}

    private Seen ask() {
        var edge = controlPlane.edge(id);
        return new Seen(edge, edge instanceof Done ? LiveSnapshots.of(controlPlane) : LiveSnapshots.NONE);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        id = event.getRouteParameters().get("id").orElse("");
        var seen = ask();
        show(seen);
    }

    /// What can be done with an edge, as soon as it is known.
    private void offer(Edges.Item edge) {
        if (edge.id().equals(offered)) return;
        offered = edge.id();
        var remove = new Button("Remove", Glyph.TRASH.draw(), _ -> confirmRemoval(edge));
        remove.setId("remove-edge");
        var rotate = new Button("Rotate credential", Glyph.LOCK.draw(), _ -> confirmRotation(edge));
        rotate.setId("rotate-edge");
        var label = new Button("Labels", Glyph.EDIT.draw(), _ -> editLabels());
        label.setId("label-edge");
        drain.setId("drain-edge");
        actions(new Permitted(role, Role.OPERATOR, label, drain), new Permitted(role, Role.ADMIN, rotate, remove));
    }

    private void show(Seen seen) {
        if (!(seen.edge() instanceof Done<Edges.Item>(var edge))) {
            var trouble = Trouble.note(seen.edge());
            if (trouble != null) refresh(trouble);
            return;
        }
        name(edge.name(), "");
        offer(edge);
        isDrained = edge.drained();
        drain.setText(isDrained ? "Take back into service" : "Drain");
        var parts = new ArrayList<Component>();
        if (edge.refusedSnapshot() != null) {
            parts.add(new Note(
                    Tone.BAD,
                    "Refused snapshot " + edge.refusedSnapshot(),
                    Objects.requireNonNullElse(edge.refusal(), "") + " It goes on with the one it has."));
        }
        if (!edge.certificateProblems().isEmpty()) {
            parts.add(new Note(
                    Tone.BAD,
                    "Cannot show a certificate",
                    "Viewers who come for these names over HTTPS are turned away, or see the one it had before.",
                    edge.certificateProblems()));
        }
        if (edge.drained()) {
            parts.add(new Note(
                    Tone.WARN,
                    "Drained",
                    "Its readiness says so, so that load balancers leave it out; what still reaches it is answered."
                            + " Invalidations do not wait for it."));
        }
        if (edge.rotationOrderTime() != null) {
            parts.add(new Note(
                    Tone.BUSY,
                    "A new credential is on its way",
                    "The edge fetches it when it is connected; its first use ends the old one."));
        }
        if (!edge.recovered()) {
            parts.add(new Note(
                    Tone.BUSY,
                    "Its disk cache is being recovered",
                    "It answers viewers meanwhile; parts that are not recovered yet count as misses."));
        }
        parts.add(new Panel(
                "Condition",
                new Facts()
                        .fact("State", EdgeWords.state(edge))
                        .fact("Labels", EdgeWords.labels(edge))
                        .fact("Snapshot", EdgeWords.snapshot(edge, seen.live()))
                        .fact("Last seen", EdgeWords.lastSeen(edge, clock.instant()))
                        .fact("Running since", Words.instantOrDash(edge.startTime()))
                        .fact("Software version", Objects.requireNonNullElse(edge.version(), ""))
                        .fact("Position in the log of invalidations", String.valueOf(edge.logPosition()))
                        .fact("Enrolled", Words.instant(edge.enrolTime()))
                        .fact("Credential since", Words.instant(edge.credentialTime()))
                        .fact("Id", new Copyable(edge.id()))));
        parts.add(new Panel(
                "Cache",
                new Facts()
                        .fact("Memory", new Meter("Memory used", edge.memoryUsed(), edge.memoryLimit()))
                        .fact("Disk", new Meter("Disk used", edge.diskUsed(), edge.diskLimit()))
                        .fact("Objects", String.format(Locale.ROOT, "%,d", edge.objects()))));
        parts.add(new ApiCall(new Curl(controlPlane.address()).get("/edges/" + edge.id())));
        refresh(parts.toArray(Component[]::new));
    }

    private void changeDuty() {
        var change = controlPlane.drainEdge(id, !isDrained);
        Trouble.valueOrTell(change).ifPresent(edge -> {
            Trouble.done(edge.name() + (edge.drained() ? " is drained." : " is back in service."));
            show(ask());
        });
    }

    private void editLabels() {
        Trouble.valueOrTell(controlPlane.edge(id))
                .ifPresent(edge -> new LabelsDialog(controlPlane, edge, () -> show(ask())).open());
    }

    private void confirmRotation(Edges.Item edge) {
        var dialog = new ConfirmDialog();
        dialog.setHeader("Give " + edge.name() + " a new credential?");
        dialog.setText("The edge fetches it over its connection, and its first use ends the old one. "
                + "If somebody else holds the old one, remove the edge instead and enrol it again.");
        dialog.setCancelable(true);
        dialog.setConfirmText("Rotate");
        dialog.addConfirmListener(_ -> Trouble.valueOrTell(controlPlane.rotateEdge(edge.id()))
                .ifPresent(_ -> {
                    Trouble.done(edge.name() + " is to fetch a new credential.");
                    show(ask());
                }));
        dialog.open();
    }

    private void confirmRemoval(Edges.Item edge) {
        var dialog = new ConfirmDialog();
        dialog.setHeader("Remove " + edge.name() + "?");
        dialog.setText("Its credential ends at once, and invalidations no longer wait for it. "
                + "The process itself is not stopped: take it out of service first.");
        dialog.setCancelable(true);
        dialog.setConfirmText("Remove");
        dialog.setConfirmButtonTheme(ButtonVariant.ERROR.getVariantName() + " primary");
        dialog.addConfirmListener(confirmed -> Trouble.valueOrTell(controlPlane.removeEdge(edge.id()))
                .ifPresent(_ -> {
                    Trouble.done(edge.name() + " is removed.");
                    confirmed.getSource().getUI().ifPresent(ui -> Link.follow(ui, Places.EDGES));
                }));
        dialog.open();
    }
}
