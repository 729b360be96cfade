package dev.nearside.admin.component;

import com.vaadin.flow.component.html.NativeButton;
import com.vaadin.flow.component.html.Span;

/// A technical value in monospace, with a button that copies it.
public final class Copyable extends Span {

    public Copyable(String value) {
        addClassName("copyable");
        var code = new Span(value);
        code.addClassName("mono");
        add(code, copyButton(value));
    }

    /// A small button that puts the text on the clipboard and says so.
    static NativeButton copyButton(String value) {
        var button = new NativeButton();
        button.add(Glyph.COPY.draw());
        button.addClassName("copy-button");
        button.getElement().setAttribute("aria-label", "Copy");
        button.getElement().setAttribute("title", "Copy");
        button.getElement().setProperty("copied", value);
        // The clipboard only opens to a gesture of the user, so the browser does it without asking the server.
        button.getElement()
                .setAttribute(
                        "onclick",
                        "event.preventDefault();event.stopPropagation();(navigator.clipboard?.writeText(this.copied)??Promise.reject())"
                                + ".then(()=>{this.dataset.done='';setTimeout(()=>delete this.dataset.done,1500)},"
                                + "()=>{const r=document.createRange();r.selectNodeContents(this.previousElementSibling);"
                                + "getSelection().removeAllRanges();getSelection().addRange(r)})");
        return button;
    }
}
