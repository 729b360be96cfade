package dev.nearside.admin.component;

import com.vaadin.flow.component.html.Span;

/// A state in one or two words, with its icon and colour.
public final class StateLabel extends Span {

    public StateLabel(Tone tone, String text) {
        this("state-" + tone.word(), tone.glyph(), text);
    }

    private StateLabel(String look, Glyph glyph, String text) {
        addClassNames("state", look);
        add(glyph.draw(), new Span(text));
    }

    /// Made here, by people.
    public static StateLabel own(String text) {
        return new StateLabel("state-own", Glyph.USER, text);
    }

    /// Given, and not to be changed.
    public static StateLabel given(String text) {
        return new StateLabel("state-plain", Glyph.LOCK, text);
    }
}
