package dev.nearside.admin.component;

import com.vaadin.flow.component.details.Details;

/// The same action as a command for a deploy script. The token is the reader's own and is never shown.
public final class ApiCall extends Details {

    public ApiCall(String command) {
        super("As an API call", new CodeBlock(command));
        addClassName("api-call");
    }
}
