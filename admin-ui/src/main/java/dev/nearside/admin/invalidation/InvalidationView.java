package dev.nearside.admin.invalidation;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Chips;
import dev.nearside.admin.component.Copyable;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Facts;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Panel;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.Invalidations;
import jakarta.annotation.security.PermitAll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;

/// One invalidation, watched until every edge has applied it.
@Route(Places.INVALIDATIONS + "/:distribution/:id")
@PermitAll
final class InvalidationView extends Page implements BeforeEnterObserver {

    private static final int MOST_SHOWN = 100;

    private final ControlPlane controlPlane;
    private final Role role;
    private volatile String distribution = "";
    private volatile String id = "";
    private String site = "";

    InvalidationView(ControlPlane controlPlane, SignedIn person, Pulse pulse) {
        super("Invalidation", "");
        this.controlPlane = controlPlane;
        this.role = person.role();
        pulse.keep(this, Duration.ofSeconds(1), this::ask, this::show);
    }

    private Answer<Invalidations.Item> ask() {
        return controlPlane.invalidation(distribution, id);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        distribution = event.getRouteParameters().get("distribution").orElse("");
        id = event.getRouteParameters().get("id").orElse("");
        under(new Link(Places.invalidationsOf(distribution), "Invalidations"));
        name("Invalidation " + Receipts.shortened(id), "");
        site = controlPlane
                .distribution(distribution)
                .map(found -> Objects.requireNonNullElse(found.config().name(), found.id()))
                .orElse(distribution);
        show(ask());
    }

    private void show(Answer<Invalidations.Item> answer) {
        if (!(answer instanceof Done<Invalidations.Item>(var item))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) refresh(trouble);
            return;
        }
        actions(Receipts.again(item, role));
        var parts = new ArrayList<Component>();
        if (item.summary().unreachable() > 0) {
            parts.add(new Note(
                    Tone.WARN,
                    Words.count(item.summary().unreachable(), "edge", "edges") + " cannot be reached",
                    "What this invalidation names may still be served there, until the edge is back and applies it."));
        }
        parts.add(new Panel("Progress", Receipts.perEdge(item)).tool(Receipts.status(item)));
        parts.add(new Panel(
                "Order",
                new Facts()
                        .fact("Paths", new Chips(item.paths(), MOST_SHOWN))
                        .fact("Effect", Boolean.TRUE.equals(item.soft()) ? "soft: stale" : "hard: removed")
                        .fact("Distribution", new Link(Places.distribution(item.distributionId()), site))
                        .fact("Ordered", Words.instant(item.createTime()))
                        .fact("Completed", Words.instantOrDash(item.completeTime()))
                        .fact("By", item.author())
                        .fact("Position in the log", String.valueOf(item.position()))
                        .fact("Caller reference", Objects.requireNonNullElse(item.callerReference(), "—"))
                        .fact("Id", new Copyable(item.id()))));
        parts.add(new ApiCall(new Curl(controlPlane.address())
                .get("/distributions/" + item.distributionId() + "/invalidations/" + item.id())));
        refresh(parts.toArray(Component[]::new));
    }
}
