package dev.nearside.admin.component;

import com.vaadin.flow.component.html.Anchor;

/// A link to a page of the console; it changes the page without loading the console anew.
public final class Link extends Anchor {

    public Link(String address, String text) {
        super(address, text);
        getElement().setAttribute("router-link", true);
        addClassName("link");
    }
}
