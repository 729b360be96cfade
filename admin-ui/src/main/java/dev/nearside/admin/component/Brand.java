package dev.nearside.admin.component;

import com.vaadin.flow.component.Svg;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;

/// The product's sign and name.
public final class Brand extends Div {

    private static final String SIGN =
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32' width='28' height='28'>"
                    + "<rect width='32' height='32' rx='8' fill='#0f766e'/><path d='M9 23V9l14 14V9' fill='none' stroke='#fff'"
                    + " stroke-width='3.2' stroke-linecap='round' stroke-linejoin='round'/></svg>";

    public Brand() {
        addClassName("brand");
        var sign = new Svg(SIGN);
        sign.getElement().setAttribute("aria-hidden", "true");
        add(sign, new Span("Nearside"));
    }
}
