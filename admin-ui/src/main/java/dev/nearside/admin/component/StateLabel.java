package dev.nearside.admin.component;

import com.vaadin.flow.component.html.Span;

/// A state in one or two words, with its icon and colour.
public final class StateLabel extends Span {

    public StateLabel(Tone tone, String text) {
        addClassNames("state", "state-" + tone.word());
        add(tone.glyph().draw(), new Span(text));
    }
}
