package dev.nearside.admin.component;

import com.vaadin.flow.component.Svg;

/// The console's own line icons, drawn in the colour of the text beside them.
public enum Glyph {
    DASHBOARD("<path d='M4 19V10M10 19V5M16 19v-6M21 19H3'/>"),
    DISTRIBUTION(
            "<circle cx='12' cy='12' r='9'/><path d='M3 12h18M12 3c3 3 3.6 6 3.6 9s-.6 6-3.6 9c-3-3-3.6-6-3.6-9S9 6 12 3z'/>"),
    POLICY(
            "<path d='M4 6h10M18 6h2M4 12h2M10 12h10M4 18h8M16 18h4'/><circle cx='16' cy='6' r='2'/><circle cx='8' cy='12' r='2'/><circle cx='14' cy='18' r='2'/>"),
    INVALIDATION("<path d='M20 12a8 8 0 1 1-2.6-5.9'/><path d='M20 3v4h-4'/><path d='M9.5 9.5l5 5M14.5 9.5l-5 5'/>"),
    EDGE(
            "<rect x='3' y='4' width='18' height='7' rx='2'/><rect x='3' y='13' width='18' height='7' rx='2'/><path d='M7 7.5h.01M7 16.5h.01M11 7.5h6M11 16.5h6'/>"),
    SNAPSHOT("<path d='M12 3l9 5-9 5-9-5 9-5z'/><path d='M3 12.5l9 5 9-5'/><path d='M3 17l9 5 9-5' opacity='.5'/>"),
    ROLLOUT("<path d='M4 20V9M12 20V4M20 20v-6'/><circle cx='4' cy='6' r='2'/><path d='M9 20h12M3 20h2'/>"),
    SUN(
            "<circle cx='12' cy='12' r='4'/><path d='M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4'/>"),
    MOON("<path d='M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z'/>"),
    SYSTEM("<rect x='3' y='4' width='18' height='12' rx='2'/><path d='M8 20h8M12 16v4'/>"),
    USER("<circle cx='12' cy='8' r='4'/><path d='M4 21c1-4 4-6 8-6s7 2 8 6'/>"),
    SIGN_OUT("<path d='M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M10 16l-4-4 4-4M6 12h9'/>"),
    COPY(
            "<rect x='8' y='8' width='12' height='12' rx='2'/><path d='M16 8V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h2'/>"),
    CHECK("<path d='M5 12.5l4.5 4.5L19 7.5'/>"),
    CLOCK("<circle cx='12' cy='12' r='9'/><path d='M12 7v5l3 2'/>"),
    WARNING("<path d='M12 4L2.5 20h19L12 4z'/><path d='M12 10v4M12 17h.01'/>"),
    CROSS("<path d='M6 6l12 12M18 6L6 18'/>"),
    DOT("<circle cx='12' cy='12' r='4' fill='currentColor'/>"),
    PLUS("<path d='M12 5v14M5 12h14'/>"),
    EDIT("<path d='M4 20l1-4L16 5l3 3L8 19l-4 1z'/>"),
    LOCK("<rect x='5' y='11' width='14' height='9' rx='2'/><path d='M8 11V8a4 4 0 0 1 8 0v3'/>"),
    LIST("<path d='M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01'/>"),
    QUESTION("<circle cx='12' cy='12' r='9'/><path d='M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 17h.01'/>"),
    TRASH("<path d='M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5'/>");

    private final String shape;

    Glyph(String shape) {
        this.shape = shape;
    }

    /// A new drawing, hidden from screen readers: the words beside it say the same.
    public Svg draw() {
        var svg = new Svg(
                ("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' width='20' height='20' fill='none'"
                                + " stroke='currentColor' stroke-width='1.75' stroke-linecap='round' stroke-linejoin='round'>%s</svg>")
                        .formatted(shape));
        svg.getElement().setAttribute("aria-hidden", "true");
        svg.getElement().getClassList().add("glyph");
        return svg;
    }
}
