package dev.nearside.admin.component;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;

/// Text to copy as it stands: a command, a JSON document.
public final class CodeBlock extends Div {

    public CodeBlock(String text) {
        addClassName("code-block");
        var pre = new Pre(text);
        pre.getElement().setAttribute("tabindex", "0");
        add(pre, Copyable.copyButton(text));
    }
}
