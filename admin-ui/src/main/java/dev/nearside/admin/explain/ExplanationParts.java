package dev.nearside.admin.explain;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Span;
import dev.nearside.admin.component.Chips;
import dev.nearside.admin.component.CodeBlock;
import dev.nearside.admin.component.Copyable;
import dev.nearside.admin.component.Facts;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Panel;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.StateLabel;
import dev.nearside.admin.component.Table;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Words;
import dev.nearside.model.wire.api.Explanation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One edge's answer, in its own words.
final class ExplanationParts {

    private ExplanationParts() {}

    static StateLabel outcome(Explanation explanation) {
        var word = explanation.outcome();
        return switch (word) {
            case "hit" -> new StateLabel(Tone.GOOD, "hit");
            case "stale" -> new StateLabel(Tone.WARN, "stale");
            case "revalidate", "miss" -> new StateLabel(Tone.BUSY, word);
            case "refused" -> new StateLabel(Tone.BAD, "refused");
            default -> new StateLabel(Tone.PLAIN, word);
        };
    }

    /// How old the stored copy is; a dash where there is none.
    static String age(Explanation explanation) {
        var stored = explanation.stored();
        return stored == null ? "—" : Words.span(Duration.ofMillis(Math.round(stored.age() * 1000)));
    }

    static List<Component> of(Explanation explanation) {
        var parts = new ArrayList<Component>();
        parts.add(verdict(explanation));
        if (explanation.stored() != null) parts.add(stored(explanation.stored()));
        if (explanation.match() != null) parts.add(match(explanation.match()));
        if (explanation.key() != null) parts.add(key(explanation.key()));
        if (explanation.toOrigin() != null) parts.add(toOrigin(explanation.toOrigin()));
        return parts;
    }

    private static Component verdict(Explanation explanation) {
        var facts = new Facts()
                .fact("Decision", outcome(explanation))
                .fact("In the access log", new Copyable(explanation.why()))
                .fact("Told by", explanation.edge() + ", " + Words.instant(explanation.at()))
                .fact(
                        "Snapshot",
                        explanation.snapshotVersion() == 0
                                ? new Span("none")
                                : new Link(
                                        Places.snapshot(explanation.snapshotVersion()),
                                        String.valueOf(explanation.snapshotVersion())));
        var refusal = explanation.refusal();
        if (refusal != null) {
            facts.fact("Status", String.valueOf(refusal.status()));
            if (refusal.location() != null) facts.fact("Location", new Copyable(refusal.location()));
        }
        var sentence = new Span(explanation.sentence());
        sentence.setId("explain-sentence");
        sentence.addClassName("sentence");
        return new Panel("What " + explanation.edge() + " would do", sentence, facts);
    }

    private static Component stored(Explanation.StoredObject stored) {
        var panel = new Panel(
                "What is stored",
                new Facts()
                        .fact("Status", String.valueOf(stored.status()))
                        .fact("Received", Words.instant(stored.receivedAt()))
                        .fact(
                                "Life",
                                stored.fresh()
                                        ? new StateLabel(Tone.GOOD, "fresh")
                                        : new StateLabel(Tone.WARN, "ended"))
                        .fact(
                                "Invalidations",
                                stored.proven()
                                        ? new StateLabel(Tone.GOOD, "none was missed")
                                        : new StateLabel(Tone.WARN, "one may have been missed"))
                        .fact("Tags", new Chips(stored.tags())),
                arithmetic("stored-age", "Age, the sum of", stored.age(), stored.ageSteps()),
                arithmetic("stored-life", "Lifetime, the value that won", stored.lifetime(), stored.lifetimeSteps()));
        if (stored.notStorable() != null) {
            panel.add(new Note(Tone.WARN, "Not storable any more", stored.notStorable()));
        }
        if (!stored.windows().isEmpty()) panel.add(windows(stored.windows()));
        if (!stored.headers().isEmpty()) panel.add(new CodeBlock(headers(stored.headers())));
        return panel;
    }

    private static Component arithmetic(String id, String name, double result, List<Explanation.Step> steps) {
        var table = new Table<Explanation.Step>(id, name)
                .text(name + ": " + seconds(result), Explanation.Step::what)
                .number("Seconds", step -> seconds(step.seconds()))
                .column("", step -> step.counts() ? new StateLabel(Tone.PLAIN, "counts") : new Span(""));
        table.show(steps);
        return table;
    }

    private static Component windows(List<Explanation.Window> windows) {
        var table = new Table<Explanation.Window>("stored-windows", "When it may be served stale")
                .text("May be served stale", Explanation.Window::name)
                .number("For", window -> window.seconds() == null ? "any time" : seconds(window.seconds()))
                .column(
                        "Now",
                        window -> window.open() ? new StateLabel(Tone.WARN, "yes") : new StateLabel(Tone.PLAIN, "no"))
                .text("Because", Explanation.Window::because);
        table.show(windows);
        return table;
    }

    private static Component match(Explanation.Match match) {
        var table = new Table<Explanation.Tried>("explain-tried", "Behaviors that were tried")
                .column("Path pattern", tried -> mono(tried.pattern()))
                .column(
                        "",
                        tried -> tried.matches()
                                ? new StateLabel(Tone.GOOD, "matches")
                                : new StateLabel(Tone.PLAIN, "tried"))
                .text("Because", Explanation.Tried::because);
        table.show(match.tried());
        var panel = new Panel(
                "Which behavior answers",
                new Facts()
                        .fact(
                                "Distribution",
                                new Link(Places.distribution(match.distributionId()), match.distribution()))
                        .fact("Cache policy", match.cachePolicy())
                        .fact("Origin request policy", Objects.requireNonNullElse(match.originRequestPolicy(), ""))
                        .fact("Response headers policy", Objects.requireNonNullElse(match.responseHeadersPolicy(), "")),
                table);
        if (match.ambiguous()) {
            panel.add(new Note(
                    Tone.WARN, "The path is ambiguous", "An origin may read another path, so nothing is stored."));
        }
        return panel;
    }

    private static Component key(Explanation.Key key) {
        var table = new Table<Explanation.KeyPart>("explain-key", "Parts of the key")
                .text("Part", part -> part.name() == null ? part.part() : part.part() + " " + part.name())
                .column("Value", part -> mono(part.value()))
                .text("Because", Explanation.KeyPart::because);
        table.show(key.parts());
        return new Panel("What it is kept under", table).tool(new Copyable(key.digest()));
    }

    private static Component toOrigin(Explanation.ToOrigin sent) {
        var table = new Table<Explanation.Asked>("explain-origins", "Origins")
                .text("Origin", Explanation.Asked::originId)
                .column("Address", asked -> mono(asked.address()))
                .text("Because", Explanation.Asked::because);
        table.show(sent.origins());
        return new Panel(
                "If the origin is asked", table, new CodeBlock(sent.requestLine() + "\n" + headers(sent.headers())));
    }

    private static String headers(List<Explanation.Header> headers) {
        return headers.stream()
                .map(header -> header.name() + ": " + header.value())
                .collect(Collectors.joining("\n"));
    }

    private static Span mono(@Nullable String value) {
        var span = new Span(value == null ? "—" : value);
        span.addClassName("mono");
        return span;
    }

    private static String seconds(double seconds) {
        return seconds == Math.rint(seconds)
                ? "%,d s".formatted((long) seconds)
                : String.format(Locale.ROOT, "%.3f s", seconds);
    }
}
