package dev.nearside.admin.component;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Span;
import dev.nearside.admin.control.Role;

/// Actions, with the reason why somebody may not take them.
public final class Permitted extends Span {

    public Permitted(Role has, Role needed, Button... actions) {
        addClassName("permitted");
        add(actions);
        if (has.includes(needed)) return;
        var reason = new Span("Needs the role " + needed.word());
        reason.addClassName("reason");
        reason.setId(actions[0].getId().orElse("action") + "-reason");
        for (var action : actions) {
            action.setEnabled(false);
            action.getElement().setAttribute("aria-describedby", reason.getId().orElseThrow());
            action.setTooltipText(reason.getText());
        }
        add(reason);
    }
}
