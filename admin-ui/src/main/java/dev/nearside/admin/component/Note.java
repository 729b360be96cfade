package dev.nearside.admin.component;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import com.vaadin.flow.dom.Element;
import java.util.List;

/// Something to know, within the page: how good the news is, what it is, and the details.
public class Note extends Div {

    private final Div words = new Div();

    @SuppressWarnings("this-escape") // adding parts to itself is how a component is composed
    public Note(Tone tone, String title, String text, List<String> details) {
        addClassNames("note", tone.word());
        words.addClassName("words");
        words.getElement().appendChild(new Element("b").setText(title));
        if (!text.isEmpty()) words.add(new Span(text));
        if (!details.isEmpty()) {
            var list = new UnorderedList();
            details.forEach(detail -> list.add(new ListItem(detail)));
            words.add(list);
        }
        add(tone.glyph().draw(), words);
    }

    public Note(Tone tone, String title, String text) {
        this(tone, title, text, List.of());
    }

    /// Read out at once by a screen reader.
    public Note alert() {
        getElement().setAttribute("role", "alert");
        return this;
    }

    public Note with(Component... more) {
        words.add(more);
        return this;
    }
}
