package dev.nearside.admin.component;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Paragraph;

/// What a page shows when there is nothing yet: what this is for, and the first step.
public final class EmptyState extends Div {

    public EmptyState(Glyph glyph, String title, String text, Component... firstSteps) {
        addClassName("empty-state");
        add(glyph.draw(), new H2(title), new Paragraph(text));
        add(firstSteps);
    }
}
