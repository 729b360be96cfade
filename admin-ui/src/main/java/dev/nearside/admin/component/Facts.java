package dev.nearside.admin.component;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.DescriptionList;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;

/// Names and values side by side.
public final class Facts extends DescriptionList {

    public Facts() {
        addClassName("facts");
    }

    public Facts fact(String name, String value) {
        return fact(name, new Span(value.isEmpty() ? "—" : value));
    }

    public Facts fact(String name, Component value) {
        var pair = new Div();
        pair.add(new Term(name), new Description(value));
        getElement().appendChild(pair.getElement());
        return this;
    }
}
