package dev.nearside.admin.fleet;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Copyable;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.EmptyState;
import dev.nearside.admin.component.Glyph;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.component.StateLabel;
import dev.nearside.admin.component.Table;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.Snapshots;
import jakarta.annotation.security.PermitAll;
import java.time.Duration;

/// Every snapshot that was published: who, when, why, and how many edges run the newest.
@Route(Places.SNAPSHOTS)
@PermitAll
final class SnapshotsView extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;
    private final Role role;
    private final Pulse pulse;
    private final Table<Snapshots.Item> table = table();
    private long newest;
    private LiveSnapshots live = LiveSnapshots.NONE;

    SnapshotsView(ControlPlane controlPlane, SignedIn person, Pulse pulse) {
        super("Snapshots", "Each publication, numbered and unchangeable. All edges run one of them as a whole.");
        this.controlPlane = controlPlane;
        this.role = person.role();
        this.pulse = pulse;
        pulse.keep(this, Duration.ofSeconds(2), controlPlane::snapshots, this::show);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        show(controlPlane.snapshots());
    }

    private void show(Answer<Snapshots> answer) {
        if (!(answer instanceof Done<Snapshots>(var snapshots))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) refresh(trouble);
            return;
        }
        if (snapshots.items().isEmpty()) {
            refresh(new EmptyState(
                    Glyph.SNAPSHOT,
                    "Nothing is published yet",
                    "A snapshot holds the latest version of every distribution and policy. "
                            + "Edges refuse all viewers until there is one."));
            return;
        }
        live = LiveSnapshots.of(snapshots.items());
        newest = Math.max(live.current(), live.trial());
        table.show(snapshots.items());
        refresh(table, new ApiCall(new Curl(controlPlane.address()).get("/snapshots")));
    }

    private Table<Snapshots.Item> table() {
        return new Table<Snapshots.Item>("snapshots", "Snapshots")
                .rowId(snapshot -> "snapshot-" + snapshot.version())
                .column("Snapshot", this::version)
                .when("Published", snapshot -> Words.instant(snapshot.createTime()))
                .text("By", Snapshots.Item::author)
                .text("Comment", snapshot -> snapshot.comment().isBlank() ? "—" : snapshot.comment())
                .column("Edges", SnapshotsView::edges)
                .column("Content hash", snapshot -> new Copyable(shortened(snapshot.hash())))
                .column("", this::tools);
    }

    private Component tools(Snapshots.Item snapshot) {
        var tools = new Div();
        tools.addClassName("row");
        if (snapshot.version() == newest) {
            if (newest > 1) tools.add(new Link(Places.snapshots(newest - 1, newest), "What changed"));
            return tools;
        }
        tools.add(new Link(Places.snapshots(snapshot.version(), newest), "Compare with " + newest));
        // Nothing else is published before the rollout ends; the bar above leads there.
        if (live.trial() != 0) return tools;
        var rollBack = new Button(
                "Roll back…", _ -> new RollbackDialog(controlPlane, pulse, newest, snapshot.version()).open());
        rollBack.setId("rollback-" + snapshot.version());
        rollBack.addThemeVariants(ButtonVariant.TERTIARY);
        tools.add(new Permitted(role, Role.OPERATOR, rollBack));
        return tools;
    }

    private Component version(Snapshots.Item snapshot) {
        var cell = new Div(new Link(Places.snapshot(snapshot.version()), String.valueOf(snapshot.version())));
        cell.addClassName("row");
        if (snapshot.version() == live.current()) cell.add(new StateLabel(Tone.GOOD, "current"));
        if (snapshot.version() == live.trial()) cell.add(new StateLabel(Tone.BUSY, "on trial"));
        return cell;
    }

    private static Component edges(Snapshots.Item snapshot) {
        if (snapshot.edges().isEmpty()) return new Span("—");
        var applied = snapshot.edges().stream()
                .filter(edge -> edge.state().equals("applied"))
                .count();
        var all = snapshot.edges().size();
        return new StateLabel(applied == all ? Tone.GOOD : Tone.BUSY, applied + " of " + all);
    }

    private static String shortened(String hash) {
        return hash.length() > 12 ? hash.substring(0, 12) : hash;
    }
}
