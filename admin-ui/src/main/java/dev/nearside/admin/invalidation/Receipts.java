package dev.nearside.admin.invalidation;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Meter;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.StateLabel;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.Invalidations;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// How far an invalidation came, in a word and edge by edge.
final class Receipts {

    /// Paths that the address of a form can hold.
    private static final int MOST_AGAIN = 50;

    private static final List<String> STATES = List.of("unreachable", "waiting", "drained", "applied");

    private Receipts() {}

    /// Enough of an id to tell it from its neighbours.
    static String shortened(String id) {
        return id.length() > 12 ? id.substring(0, 8) : id;
    }

    static StateLabel status(Invalidations.Item item) {
        if (item.status().equals("Completed")) return new StateLabel(Tone.GOOD, "completed");
        return item.summary().unreachable() > 0
                ? new StateLabel(Tone.WARN, "waiting for an edge")
                : new StateLabel(Tone.BUSY, "in progress");
    }

    static String count(Invalidations.Item item) {
        var summary = item.summary();
        return summary.applied() + " of " + summary.expected();
    }

    /// The same paths once more; the form opens filled in, so nothing happens by one slip.
    static Component again(Invalidations.Item item, Role role) {
        // Of a long order a list knows the beginning alone, and an address cannot hold it.
        if (!role.includes(Role.OPERATOR)
                || item.pathCount() > MOST_AGAIN
                || item.paths().size() < item.pathCount()) {
            return new Span();
        }
        var link = new Link(
                Places.invalidationsOf(item.distributionId()) + "&paths="
                        + Places.encoded(String.join("\n", item.paths()))
                        + (Boolean.TRUE.equals(item.soft()) ? "&soft=true" : ""),
                "Run again");
        link.getElement().setAttribute("aria-label", "Run " + item.id() + " again");
        return link;
    }

    static Component perEdge(Invalidations.Item item) {
        var all = new Div();
        all.addClassName("stack");
        all.setId("invalidation-progress");
        var edges = Objects.requireNonNullElse(item.edges(), List.<Invalidations.Receipt>of());
        if (edges.isEmpty()) {
            all.add(new Span("No edge was enrolled."));
            return all;
        }
        var list = new UnorderedList();
        list.addClassName("receipts");
        list.setWidthFull();
        // Whoever holds it up stands first, however many have applied it.
        var inOrder = edges.stream()
                .sorted(Comparator.comparingInt(edge -> STATES.indexOf(edge.state())))
                .toList();
        for (var edge : inOrder) {
            var when = new Span(when(item, edge));
            when.addClassName("quiet");
            var state = new Div(when, state(edge.state()));
            if (Boolean.TRUE.equals(edge.drained()) && !edge.state().equals("drained")) {
                state.add(new StateLabel(Tone.PLAIN, "drained"));
            }
            state.addClassName("row");
            list.add(new ListItem(new Span(edge.name()), state));
        }
        var summary = item.summary();
        var words = new Span("%d of %d edges have applied it%s"
                .formatted(
                        summary.applied(),
                        summary.expected(),
                        summary.drained() == 0 ? "" : ", %d drained".formatted(summary.drained())));
        words.setId("invalidation-applied");
        all.add(
                words,
                new Meter.Bar(
                        "Edges that have applied it", (double) summary.applied() / Math.max(1, summary.expected())),
                list);
        return all;
    }

    private static String when(Invalidations.Item item, Invalidations.Receipt edge) {
        var since = edge.since();
        if (since == null) return "";
        return edge.state().equals("unreachable")
                ? "since " + Words.instant(since)
                : after(Duration.between(item.createTime(), since));
    }

    private static String after(Duration time) {
        if (time.isNegative()) return "";
        return time.toSeconds() < 2 ? "after " + time.toMillis() + " ms" : "after " + Words.span(time);
    }

    private static StateLabel state(String state) {
        return switch (state) {
            case "applied" -> new StateLabel(Tone.GOOD, "applied");
            case "waiting" -> new StateLabel(Tone.BUSY, "waiting");
            case "drained" -> new StateLabel(Tone.PLAIN, "drained");
            default -> new StateLabel(Tone.WARN, state);
        };
    }
}
