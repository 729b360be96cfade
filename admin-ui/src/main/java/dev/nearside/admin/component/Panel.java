package dev.nearside.admin.component;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.HasComponents;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Section;
import com.vaadin.flow.component.html.Span;

/// A framed part of a page with a heading and, at its right, what can be done with it.
public final class Panel extends Section implements HasComponents {

    private final Div tools = new Div();

    public Panel(String title, Component... content) {
        addClassName("panel");
        tools.addClassName("panel-tools");
        var head = new Div(new H2(title), tools);
        head.addClassName("panel-head");
        super.add(head);
        super.add(content);
    }

    public Panel note(String text) {
        var note = new Span(text);
        note.addClassName("panel-note");
        tools.add(note);
        return this;
    }

    public Panel tool(Component tool) {
        tools.add(tool);
        return this;
    }
}
