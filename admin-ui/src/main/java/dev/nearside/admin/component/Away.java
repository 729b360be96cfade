package dev.nearside.admin.component;

import com.vaadin.flow.component.ComponentEvent;
import com.vaadin.flow.component.ComponentUtil;
import com.vaadin.flow.component.UI;

/// Says in place of a page's content that the control plane cannot be reached.
public final class Away extends Note {

    Away(String reason) {
        super(
                Tone.BAD,
                "The control plane cannot be reached",
                "%s. The edges go on answering viewers; this page shows data again when it is back.".formatted(reason));
    }

    /// The control plane answers again; a page that has nothing but this to show is opened anew.
    public static final class Over extends ComponentEvent<UI> {

        private Over(UI source) {
            super(source, false);
        }

        public static void announce(UI ui) {
            ComponentUtil.fireEvent(ui, new Over(ui));
        }
    }
}
