package dev.nearside.admin.fleet;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.EmptyState;
import dev.nearside.admin.component.Glyph;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Meter;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.component.Table;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.Edges;
import jakarta.annotation.security.PermitAll;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;

/// Every edge: is it there, what does it run, how full is it.
@Route(Places.EDGES)
@PermitAll
final class EdgesView extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;
    private final InstantSource clock;
    private final Role role;
    private final Table<Edges.Item> table = table();
    private LiveSnapshots live = LiveSnapshots.NONE;

    EdgesView(ControlPlane controlPlane, SignedIn person, InstantSource clock, Pulse pulse) {
        super("Edges", "The nodes that answer viewers. They go on doing so while the control plane is away.");
        this.controlPlane = controlPlane;
        this.clock = clock;
        this.role = person.role();
        pulse.keep(this, Duration.ofSeconds(2), this::ask, this::show);
    }

    private record Fleet(Answer<Edges> edges, LiveSnapshots live) {}

    private Fleet ask() {
        var edges = controlPlane.edges();
        return new Fleet(edges, edges instanceof Done ? LiveSnapshots.of(controlPlane) : LiveSnapshots.NONE);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        actions(enrol());
        show(ask());
    }

    private Permitted enrol() {
        var button = new Button("Enrol an edge", Glyph.PLUS.draw(), _ -> new EnrolDialog(controlPlane, clock).open());
        button.setId("enrol-edge");
        button.addThemeVariants(ButtonVariant.PRIMARY);
        return new Permitted(role, Role.ADMIN, button);
    }

    private void show(Fleet fleet) {
        if (!(fleet.edges() instanceof Done<Edges>(var edges))) {
            var trouble = Trouble.note(fleet.edges());
            if (trouble != null) refresh(trouble);
            return;
        }
        if (edges.items().isEmpty()) {
            refresh(new EmptyState(
                    Glyph.EDGE,
                    "No edge is enrolled yet",
                    "An edge answers viewers from its cache. Enrol one with a token that is good for one use."));
            return;
        }
        live = fleet.live();
        table.show(edges.items());
        refresh(table, new ApiCall(new Curl(controlPlane.address()).get("/edges")));
    }

    private Table<Edges.Item> table() {
        return new Table<Edges.Item>("edges", "Edges")
                .rowId(edge -> "edge-" + edge.name())
                .column("Edge", edge -> new Link(Places.edge(edge.id()), edge.name()))
                .column("State", EdgeWords::condition)
                .column("Labels", EdgeWords::labels)
                .column("Snapshot", edge -> EdgeWords.snapshot(edge, live))
                .when("Last seen", edge -> EdgeWords.lastSeen(edge, clock.instant()))
                .column("Memory", edge -> new Meter("Memory used", edge.memoryUsed(), edge.memoryLimit()))
                .column("Disk", edge -> new Meter("Disk used", edge.diskUsed(), edge.diskLimit()))
                .number("Objects", edge -> String.format(Locale.ROOT, "%,d", edge.objects()))
                .column("Version", edge -> new Span(Objects.requireNonNullElse(edge.version(), "—")));
    }
}
