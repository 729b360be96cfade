package dev.nearside.admin.component;

import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Div;

/// The same action as a command for a deploy script. The token is the reader's own and is never shown.
public final class ApiCall extends Details {

    private final Div command;

    public ApiCall(String command) {
        this(command, new Div());
    }

    private ApiCall(String command, Div place) {
        super("As an API call", place);
        this.command = place;
        addClassName("api-call");
        show(command);
    }

    /// Shows another command; what is open stays open.
    public void show(String text) {
        command.removeAll();
        command.add(new CodeBlock(text));
    }
}
