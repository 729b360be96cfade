package dev.nearside.admin.rollout;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.model.wire.api.Rollouts;
import jakarta.annotation.security.PermitAll;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;

/// One rollout: what was seen on both sides, and how it ended.
@Route(Places.ROLLOUTS + "/:version([0-9]{1,15})")
@PermitAll
final class RolloutView extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;
    private final InstantSource clock;
    private final RolloutParts parts;
    private volatile long version;

    RolloutView(ControlPlane controlPlane, SignedIn person, InstantSource clock, Pulse pulse) {
        super("Rollout", "");
        this.controlPlane = controlPlane;
        this.clock = clock;
        this.parts = new RolloutParts(controlPlane, person.role());
        under(new Link(Places.ROLLOUTS, "Rollouts"));
        pulse.keep(this, Duration.ofSeconds(1), () -> controlPlane.rollout(version), this::show);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        version = event.getRouteParameters().getLong("version").orElse(0L);
        name("Rollout of snapshot " + version, "");
        show(controlPlane.rollout(version));
    }

    private void show(Answer<Rollouts.Item> answer) {
        if (!(answer instanceof Done<Rollouts.Item>(var rollout))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) refresh(trouble);
            return;
        }
        var all = new ArrayList<>(parts.of(rollout, clock.instant()));
        all.add(new ApiCall(new Curl(controlPlane.address()).get("/rollouts/" + version)));
        refresh(all.toArray(Component[]::new));
    }
}
