package dev.nearside.admin.component;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;

/// How much of something is used, as a bar with the figures below it.
public final class Meter extends Div {

    public Meter(String description, long used, long limit) {
        addClassName("meter");
        add(new Bar(description, limit == 0 ? 0 : Math.min(1, (double) used / limit)));
        add(new Span(limit == 0 ? "none" : "%s of %s".formatted(Words.bytes(used), Words.bytes(limit))));
    }

    /// The bar alone.
    public static final class Bar extends Div {

        public Bar(String description, double share) {
            addClassName("progress");
            var percent = Math.round(share * 100);
            getElement().setAttribute("role", "progressbar");
            getElement().setAttribute("aria-label", description);
            getElement().setAttribute("aria-valuenow", String.valueOf(percent));
            var fill = new Div();
            fill.setWidth(percent + "%");
            add(fill);
        }
    }
}
