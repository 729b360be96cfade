package dev.nearside.admin.fleet;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.nearside.admin.component.Chips;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.StateLabel;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Words;
import dev.nearside.model.wire.api.Edges;
import java.time.Instant;
import java.util.List;

/// How an edge's condition is said, in the list and on its own page.
final class EdgeWords {

    private EdgeWords() {}

    static StateLabel state(Edges.Item edge) {
        if (edge.drained()) {
            return new StateLabel(Tone.WARN, edge.state().equals("connected") ? "drained" : "drained, " + edge.state());
        }
        var state = edge.state();
        return switch (state) {
            case "connected" -> new StateLabel(Tone.GOOD, "connected");
            case "enrolled" -> new StateLabel(Tone.BUSY, "enrolled");
            default -> new StateLabel(Tone.BAD, state);
        };
    }

    /// Its state, and what is wrong although it is there.
    static Component condition(Edges.Item edge) {
        var problems = edge.certificateProblems().size();
        if (problems == 0) return state(edge);
        var cell = new Div(
                state(edge),
                new StateLabel(Tone.BAD, Words.count(problems, "certificate problem", "certificate problems")));
        cell.addClassName("stack");
        return cell;
    }

    static Chips labels(Edges.Item edge) {
        return new Chips(labelled(edge));
    }

    /// Its labels as `name=value`.
    static List<String> labelled(Edges.Item edge) {
        return edge.labels().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .sorted()
                .toList();
    }

    static String lastSeen(Edges.Item edge, Instant now) {
        var seen = edge.lastSeen();
        return seen == null ? "never" : Words.ago(seen, now);
    }

    static Component snapshot(Edges.Item edge, LiveSnapshots live) {
        long current = live.of(edge.name());
        var runs = edge.snapshotVersion();
        var cell = new Div();
        cell.addClassName("row");
        if (runs == null) {
            cell.add(new Span("none"));
        } else {
            cell.add(new Link(Places.snapshot(runs), String.valueOf(runs)));
            cell.add(condition(runs, current, live.trial()));
        }
        if (edge.refusedSnapshot() != null) cell.add(new StateLabel(Tone.BAD, "refused " + edge.refusedSnapshot()));
        return cell;
    }

    private static StateLabel condition(long runs, long current, long trial) {
        if (runs != current) return new StateLabel(Tone.BUSY, "is to run " + current);
        return runs == trial ? new StateLabel(Tone.BUSY, "on trial") : new StateLabel(Tone.GOOD, "current");
    }
}
