package dev.nearside.admin.fleet;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Chips;
import dev.nearside.admin.component.CodeBlock;
import dev.nearside.admin.component.Copyable;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Facts;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Panel;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pretty;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.model.wire.DistributionDocument;
import dev.nearside.model.wire.api.SnapshotDetail;
import jakarta.annotation.security.PermitAll;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One snapshot and everything in it.
@Route(Places.SNAPSHOTS + "/:version([0-9]{1,15})")
@PermitAll
final class SnapshotView extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;

    SnapshotView(ControlPlane controlPlane) {
        super("Snapshot", "");
        this.controlPlane = controlPlane;
        under(new Link(Places.SNAPSHOTS, "Snapshots"));
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        var version = event.getRouteParameters().getLong("version").orElse(0L);
        var answer = controlPlane.snapshot(version);
        name("Snapshot " + version, "");
        if (!(answer instanceof Done<SnapshotDetail>(var detail))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) body(trouble);
            return;
        }
        var snapshot = detail.snapshot();
        if (version > 1) actions(new Link(Places.snapshots(version - 1, version), "What changed"));
        name("Snapshot " + version, snapshot.comment());
        var parts = new ArrayList<Component>();
        var content = detail.configuration();
        parts.add(new Panel(
                "Publication",
                new Facts()
                        .fact("Published", Words.instant(snapshot.createTime()))
                        .fact("By", snapshot.author())
                        .fact("Content hash", new Copyable(snapshot.hash()))));
        parts.add(new Panel(
                "Content",
                new Facts()
                        .fact("Distributions", new Chips(names(content.distributions())))
                        .fact("Cache policies", count(content.cachePolicies()))
                        .fact("Origin request policies", count(content.originRequestPolicies()))
                        .fact("Response headers policies", count(content.responseHeadersPolicies()))));
        if (!snapshot.edges().isEmpty()) {
            var progress = new EdgeProgress();
            progress.show(snapshot);
            parts.add(new Panel("Edges", progress));
        }
        parts.add(new Panel("Configuration as JSON", new CodeBlock(Pretty.json(content))));
        parts.add(new ApiCall(new Curl(controlPlane.address()).get("/snapshots/" + version)));
        body(parts.toArray(Component[]::new));
    }

    private static List<String> names(@Nullable List<DistributionDocument> distributions) {
        return distributions == null
                ? List.of()
                : distributions.stream()
                        .map(each -> Objects.requireNonNullElse(each.name(), "?"))
                        .toList();
    }

    private static String count(@Nullable List<?> all) {
        return String.valueOf(all == null ? 0 : all.size());
    }
}
