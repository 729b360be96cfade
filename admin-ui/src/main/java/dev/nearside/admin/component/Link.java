package dev.nearside.admin.component;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.router.Location;

/// A link to a page of the console; it changes the page without loading the console anew.
public final class Link extends Anchor {

    public Link(String address, String text) {
        super(address, text);
        getElement().setAttribute("router-link", true);
        addClassName("link");
    }

    /// Goes where a link with this address would lead.
    public static void follow(UI ui, String address) {
        var location = new Location(address);
        ui.navigate(location.getPath(), location.getQueryParameters());
    }
}
