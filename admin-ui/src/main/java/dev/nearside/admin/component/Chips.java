package dev.nearside.admin.component;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A few technical words in a row.
public final class Chips extends Div {

    public Chips(@Nullable List<String> words) {
        this(words, Integer.MAX_VALUE);
    }

    /// At most so many, and how many more there are.
    public Chips(@Nullable List<String> words, int limit) {
        addClassName("chips");
        var all = words == null ? List.<String>of() : words;
        for (var word : all.subList(0, Math.min(limit, all.size()))) {
            var chip = new Span(word);
            chip.addClassName("chip");
            add(chip);
        }
        if (all.size() > limit) {
            var more = new Span("+" + (all.size() - limit));
            more.addClassName("quiet");
            more.setTitle(String.join("\n", all));
            add(more);
        }
        if (all.isEmpty()) add(new Span("—"));
    }
}
