package dev.nearside.admin.component;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Span;
import dev.nearside.admin.control.Role;

/// An action with the reason why somebody may not take it.
public final class Permitted extends Span {

    private final boolean isAllowed;

    public Permitted(Button action, Role has, Role needed) {
        isAllowed = has.includes(needed);
        addClassName("permitted");
        action.setEnabled(isAllowed);
        add(action);
        if (!isAllowed) {
            var reason = new Span("Needs the role " + needed.word());
            reason.addClassName("reason");
            reason.setId(action.getId().orElse("action") + "-reason");
            action.getElement().setAttribute("aria-describedby", reason.getId().orElseThrow());
            action.setTooltipText(reason.getText());
            add(reason);
        }
    }

    public boolean isAllowed() {
        return isAllowed;
    }
}
