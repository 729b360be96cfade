package dev.nearside.admin.component;

/// How good the news is; always said with words or an icon as well.
public enum Tone {
    GOOD("good", Glyph.CHECK),
    BUSY("busy", Glyph.CLOCK),
    WARN("warn", Glyph.WARNING),
    BAD("bad", Glyph.CROSS),
    PLAIN("plain", Glyph.DOT);

    private final String word;
    private final Glyph glyph;

    Tone(String word, Glyph glyph) {
        this.word = word;
        this.glyph = glyph;
    }

    public String word() {
        return word;
    }

    public Glyph glyph() {
        return glyph;
    }
}
