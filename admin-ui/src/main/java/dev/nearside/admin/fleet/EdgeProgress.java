package dev.nearside.admin.fleet;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import dev.nearside.admin.component.Meter;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.component.StateLabel;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.model.wire.api.Snapshots;
import java.time.Duration;
import java.util.Comparator;

/// How far one snapshot has come, edge by edge.
final class EdgeProgress extends Div {

    EdgeProgress() {
        setId("publish-progress");
        addClassName("stack");
        setWidthFull();
    }

    /// The progress of a snapshot that was just published, kept up to date.
    static Div watching(ControlPlane controlPlane, Pulse pulse, Snapshots.Item published) {
        var progress = new EdgeProgress();
        progress.show(published);
        var watched = new Div(progress);
        pulse.keep(watched, Duration.ofMillis(500), controlPlane::snapshots, answer -> {
            if (!(answer instanceof Done<Snapshots>(var snapshots))) return;
            snapshots.items().stream()
                    .filter(each -> each.version() == published.version())
                    .findFirst()
                    .ifPresent(progress::show);
        });
        return watched;
    }

    void show(Snapshots.Item snapshot) {
        removeAll();
        var all = snapshot.edges();
        if (all.isEmpty()) {
            add(new Paragraph("No edge is enrolled yet."));
            return;
        }
        var applied =
                all.stream().filter(edge -> edge.state().equals("applied")).count();
        var words = new Span("%d of %d edges run snapshot %d".formatted(applied, all.size(), snapshot.version()));
        words.setId("publish-applied");
        add(words, new Meter.Bar("Edges that run the snapshot", (double) applied / all.size()));
        var list = new UnorderedList();
        list.addClassName("receipts");
        list.setWidthFull();
        // Whoever holds it up stands first, however many have applied it.
        var inOrder = all.stream()
                .sorted(Comparator.comparing(
                        (Snapshots.EdgeState edge) -> edge.state().equals("applied")))
                .toList();
        for (var edge : inOrder) list.add(new ListItem(new Span(edge.name()), state(edge.state())));
        add(list);
    }

    private static StateLabel state(String state) {
        return switch (state) {
            case "applied" -> new StateLabel(Tone.GOOD, "applied");
            case "waiting" -> new StateLabel(Tone.BUSY, "waiting");
            case "refused" -> new StateLabel(Tone.BAD, "refused");
            default -> new StateLabel(Tone.WARN, state);
        };
    }
}
