package dev.nearside.admin.rollout;

import com.vaadin.flow.component.Component;
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
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Panel;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.component.Table;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.model.wire.api.Rollouts;
import jakarta.annotation.security.PermitAll;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The rollout that is under way, live, and how the earlier ones ended.
@Route(Places.ROLLOUTS)
@PermitAll
final class RolloutsView extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;
    private final InstantSource clock;
    private final RolloutParts parts;
    private final Table<Rollouts.Item> history = history();
    private String offered = "";

    RolloutsView(ControlPlane controlPlane, SignedIn person, InstantSource clock, Pulse pulse) {
        super("Rollouts", "Snapshots that some edges try before the others get them.");
        this.controlPlane = controlPlane;
        this.clock = clock;
        this.parts = new RolloutParts(controlPlane, person.role());
        pulse.keep(this, Duration.ofSeconds(1), controlPlane::rollouts, this::show);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        show(controlPlane.rollouts());
    }

    private void show(Answer<Rollouts> answer) {
        if (!(answer instanceof Done<Rollouts>(var rollouts))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) refresh(trouble);
            return;
        }
        if (rollouts.items().isEmpty()) {
            refresh(
                    new EmptyState(
                            Glyph.SNAPSHOT,
                            "No snapshot was tried on some edges yet",
                            "Choose so when you publish: the console asks which edges go first, what to watch and for how long."));
            return;
        }
        var all = new ArrayList<Component>();
        var underWay =
                rollouts.items().stream().filter(RolloutWords::isUnderWay).findFirst();
        offer(underWay.orElse(null));
        underWay.ifPresent(rollout -> all.addAll(parts.of(rollout, clock.instant())));
        var ended = rollouts.items().stream()
                .filter(rollout -> !RolloutWords.isUnderWay(rollout))
                .toList();
        if (!ended.isEmpty()) {
            history.show(ended);
            all.add(new Panel("History", history));
        }
        all.add(new ApiCall(new Curl(controlPlane.address()).get("/rollouts")));
        refresh(all.toArray(Component[]::new));
    }

    /// The buttons belong to one state: a new one brings new ones.
    private void offer(Rollouts.@Nullable Item rollout) {
        var now = rollout == null ? "" : rollout.snapshotVersion() + rollout.etag();
        if (now.equals(offered)) return;
        offered = now;
        if (rollout == null) actions();
        else actions(parts.ends(rollout, () -> show(controlPlane.rollouts())));
    }

    private static Table<Rollouts.Item> history() {
        return new Table<Rollouts.Item>("rollouts", "Rollouts")
                .rowId(rollout -> "rollout-" + rollout.snapshotVersion())
                .column(
                        "Snapshot",
                        rollout -> new Link(
                                Places.rollout(rollout.snapshotVersion()), String.valueOf(rollout.snapshotVersion())))
                .column("State", rollout -> RolloutWords.state(rollout.state()))
                .when("Ended", rollout -> Words.instantOrDash(rollout.endTime()))
                .text("Canaries", rollout -> RolloutWords.canaries(rollout.plan()))
                .text("Started by", Rollouts.Item::author)
                .text(
                        "Ended by",
                        rollout -> "rollout".equals(rollout.endedBy())
                                ? "itself"
                                : Objects.requireNonNullElse(rollout.endedBy(), "—"))
                .column("Reason", rollout -> new Span(Objects.requireNonNullElse(rollout.reason(), "")));
    }
}
