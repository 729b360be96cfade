package dev.nearside.admin.fleet;

import com.vaadin.flow.component.html.Div;
import dev.nearside.admin.control.*;

public final class PublishBar extends Div {
    public PublishBar(ControlPlane c, Role r, java.time.InstantSource s) {}

    public void refresh() {}
}
