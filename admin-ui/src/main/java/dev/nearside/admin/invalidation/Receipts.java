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

/// How far an invalidation came, in a word and edge by edge.
final class Receipts {

    private Receipts() {}

    /// Enough of an id to tell it from its neighbours.
    static String shortened(String id) {
        return id.length() > 12 ? id.substring(0, 8) : id;
    }

    static StateLabel status(Invalidations.Item item) {
        if (item.status().equals("Completed")) return new StateLabel(Tone.GOOD, "completed");
        var unreachable = item.edges().stream().anyMatch(edge -> edge.state().equals("unreachable"));
        return unreachable
                ? new StateLabel(Tone.WARN, "waiting for an edge")
                : new StateLabel(Tone.BUSY, "in progress");
    }

    static String count(Invalidations.Item item) {
        return applied(item) + " of " + item.edges().size();
    }

    private static long applied(Invalidations.Item item) {
        return item.edges().stream()
                .filter(edge -> edge.state().equals("applied"))
                .count();
    }

    /// The same paths once more; the form opens filled in, so nothing happens by one slip.
    static Component again(Invalidations.Item item, Role role) {
        if (!role.includes(Role.OPERATOR)) return new Span();
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
        if (item.edges().isEmpty()) {
            all.add(new Span("No edge was enrolled."));
            return all;
        }
        var list = new UnorderedList();
        list.addClassName("receipts");
        list.setWidthFull();
        for (var edge : item.edges()) {
            var since = edge.since();
            var when = new Span(since == null ? "" : after(Duration.between(item.createTime(), since)));
            when.addClassName("quiet");
            var state = new Div(when, state(edge.state()));
            state.addClassName("row");
            list.add(new ListItem(new Span(edge.name()), state));
        }
        var words = new Span("%d of %d edges have applied it"
                .formatted(applied(item), item.edges().size()));
        words.setId("invalidation-applied");
        all.add(
                words,
                new Meter.Bar(
                        "Edges that have applied it",
                        (double) applied(item) / item.edges().size()),
                list);
        return all;
    }

    private static String after(Duration time) {
        if (time.isNegative()) return "";
        return time.toSeconds() < 2 ? "after " + time.toMillis() + " ms" : "after " + Words.span(time);
    }

    private static StateLabel state(String state) {
        return switch (state) {
            case "applied" -> new StateLabel(Tone.GOOD, "applied");
            case "waiting" -> new StateLabel(Tone.BUSY, "waiting");
            default -> new StateLabel(Tone.WARN, state);
        };
    }
}
