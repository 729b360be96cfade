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
        this(words, limit, words == null ? 0 : words.size());
    }

    /// The same, of a list that is longer than what is known of it.
    ///
    /// @param count how many there are
    public Chips(@Nullable List<String> words, int limit, int count) {
        addClassName("chips");
        var all = words == null ? List.<String>of() : words;
        for (var word : all.subList(0, Math.min(limit, all.size()))) {
            var chip = new Span(word);
            chip.addClassName("chip");
            add(chip);
        }
        if (count > Math.min(limit, all.size())) {
            var more = new Span("+" + (count - Math.min(limit, all.size())));
            more.addClassName("quiet");
            more.setTitle(String.join("\n", all));
            add(more);
        }
        if (all.isEmpty()) add(new Span("—"));
    }
}
