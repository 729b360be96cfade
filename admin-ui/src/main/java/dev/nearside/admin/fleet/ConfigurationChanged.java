package dev.nearside.admin.fleet;

import com.vaadin.flow.component.ComponentEvent;
import com.vaadin.flow.component.ComponentUtil;
import com.vaadin.flow.component.UI;

/// Something was saved or published in this window; whatever counts unpublished changes looks again.
public final class ConfigurationChanged extends ComponentEvent<UI> {

    private ConfigurationChanged(UI source) {
        super(source, false);
    }

    public static void announce() {
        var ui = UI.getCurrent();
        ComponentUtil.fireEvent(ui, new ConfigurationChanged(ui));
    }
}
