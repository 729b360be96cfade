package dev.nearside.admin.fleet;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Differences;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.SnapshotDifference;
import dev.nearside.model.wire.api.Snapshots;
import jakarta.annotation.security.PermitAll;
import java.util.List;
import java.util.function.LongConsumer;

/// Any two snapshots side by side, and the way back to the earlier one.
@Route(Places.SNAPSHOTS + "/compare/:from([0-9]{1,15})/:to([0-9]{1,15})")
@PermitAll
final class SnapshotComparisonView extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;
    private final Role role;
    private final Pulse pulse;

    SnapshotComparisonView(ControlPlane controlPlane, SignedIn person, Pulse pulse) {
        super("Compare snapshots", "");
        this.controlPlane = controlPlane;
        this.role = person.role();
        this.pulse = pulse;
        under(new Link(Places.SNAPSHOTS, "Snapshots"));
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        long from = event.getRouteParameters().getLong("from").orElse(0L);
        long to = event.getRouteParameters().getLong("to").orElse(0L);
        name(
                "Snapshot %d beside snapshot %d".formatted(from, to),
                "What has to change in the first to make it the second.");
        var versions = controlPlane
                .snapshots()
                .map(all -> all.items().stream().map(Snapshots.Item::version).toList())
                .orElse(List.of());
        long current = versions.stream().mapToLong(Long::longValue).max().orElse(0);
        var filters = new Div(
                choice("compare-from", "From", versions, from, picked -> go(Places.snapshots(picked, to))),
                choice("compare-to", "To", versions, to, picked -> go(Places.snapshots(from, picked))));
        filters.addClassName("filters");
        actions(rollBack(from, current));
        body(
                filters,
                differences(from, to),
                new ApiCall(new Curl(controlPlane.address()).get("/snapshots/%d/diff/%d".formatted(from, to))));
    }

    private Component rollBack(long wanted, long current) {
        if (wanted == current) return new Div();
        var rollBack = new Button(
                "Roll back to " + wanted + "…", _ -> new RollbackDialog(controlPlane, pulse, current, wanted).open());
        rollBack.setId("rollback-" + wanted);
        rollBack.addThemeVariants(ButtonVariant.PRIMARY);
        return new Permitted(role, Role.OPERATOR, rollBack);
    }

    private Component differences(long from, long to) {
        var answer = controlPlane.compareSnapshots(from, to);
        if (answer instanceof Done<SnapshotDifference>(var difference)) {
            return Differences.ofDocuments(difference.documents());
        }
        var trouble = Trouble.note(answer);
        return trouble == null ? new Div() : trouble;
    }

    private static Select<Long> choice(String id, String name, List<Long> versions, long chosen, LongConsumer then) {
        var choice = new Select<Long>();
        choice.setId(id);
        choice.setLabel(name);
        choice.setItems(versions);
        choice.setItemLabelGenerator(version -> "Snapshot " + version);
        choice.setValue(chosen);
        choice.addValueChangeListener(event -> {
            if (event.getValue() != null) then.accept(event.getValue());
        });
        return choice;
    }

    private void go(String address) {
        getUI().ifPresent(ui -> Link.follow(ui, address));
    }
}
