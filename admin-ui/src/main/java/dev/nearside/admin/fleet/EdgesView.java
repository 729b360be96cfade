package dev.nearside.admin.fleet;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
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
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.Edges;
import jakarta.annotation.security.PermitAll;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
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
    private final TextField search = new TextField();
    private final Span count = new Span();
    private final Div filters = new Div(search, count);
    private LiveSnapshots live = LiveSnapshots.NONE;
    private List<Edges.Item> all = List.of();

    EdgesView(ControlPlane controlPlane, SignedIn person, InstantSource clock, Pulse pulse) {
        super("Edges", "The nodes that answer viewers. They go on doing so while the control plane is away.");
        this.controlPlane = controlPlane;
        this.clock = clock;
        this.role = person.role();
        search.setId("edge-search");
        search.setPlaceholder("Name, label or state");
        search.setAriaLabel("Search edges");
        search.setClearButtonVisible(true);
        search.setValueChangeMode(ValueChangeMode.LAZY);
        search.addValueChangeListener(_ -> showFound());
        count.setId("edge-count");
        count.addClassName("quiet");
        filters.addClassName("filters");
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
        all = edges.items().stream()
                .sorted(Comparator.comparingInt(this::calm).thenComparing(Edges.Item::name))
                .toList();
        showFound();
        refresh(filters, table, new ApiCall(new Curl(controlPlane.address()).get("/edges")));
    }

    /// What needs somebody's eyes stands first, however many edges are well.
    private int calm(Edges.Item edge) {
        if (edge.state().equals("unreachable")) return 0;
        if (edge.refusedSnapshot() != null || !edge.certificateProblems().isEmpty()) return 1;
        if (edge.drained()) return 2;
        var runs = edge.snapshotVersion();
        return runs == null || runs != live.of(edge.name()) ? 3 : 4;
    }

    private void showFound() {
        var words = search.getValue().strip().toLowerCase(Locale.ROOT);
        var found = all.stream().filter(edge -> text(edge).contains(words)).toList();
        var unwell = all.stream().filter(edge -> calm(edge) < 2).count();
        count.setText((found.size() == all.size()
                        ? Words.count(all.size(), "edge", "edges")
                        : "%d of %d edges".formatted(found.size(), all.size()))
                + (unwell == 0 ? "" : unwell == 1 ? ", 1 needs attention" : ", %d need attention".formatted(unwell)));
        table.show(found);
    }

    private static String text(Edges.Item edge) {
        return "%s %s %s %s"
                .formatted(edge.name(), edge.state(), edge.drained() ? "drained" : "", EdgeWords.labelled(edge))
                .toLowerCase(Locale.ROOT);
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
