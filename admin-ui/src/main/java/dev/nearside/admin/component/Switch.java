package dev.nearside.admin.component;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Nav;

/// A few views of the same thing side by side, each with its own address.
public final class Switch extends Nav {

    public Switch(String description) {
        addClassName("switch");
        setAriaLabel(description);
    }

    public Switch choice(String id, String name, String address, boolean isCurrent) {
        var link = new Anchor(address, name);
        link.setId(id);
        link.getElement().setAttribute("router-link", true);
        if (isCurrent) link.getElement().setAttribute("aria-current", "page");
        add(link);
        return this;
    }
}
