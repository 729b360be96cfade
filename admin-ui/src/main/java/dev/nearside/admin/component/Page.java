package dev.nearside.admin.component;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.ComponentUtil;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H1;
import com.vaadin.flow.component.html.Header;
import com.vaadin.flow.component.html.Main;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.HasDynamicTitle;

/// What every page shares: where it stands, its heading, what can be done, and its body.
public abstract class Page extends Main implements HasDynamicTitle {

    private final Div trail = new Div();
    private final H1 heading = new H1();
    private final Paragraph lead = new Paragraph();
    private final Div actions = new Div();
    private final Div body = new Div();
    private String title;

    @SuppressWarnings("this-escape") // adding parts to itself is how a component is composed
    protected Page(String title, String lead) {
        this.title = title;
        addClassName("page");
        trail.addClassName("page-trail");
        trail.setVisible(false);
        heading.setText(title);
        heading.setId("page-title");
        this.lead.setText(lead);
        this.lead.addClassName("page-lead");
        actions.addClassName("page-actions");
        body.addClassName("page-body");
        var words = new Div(trail, heading, this.lead);
        words.addClassName("page-words");
        var head = new Header(words, actions);
        head.addClassName("page-head");
        add(head, body);
    }

    @Override
    protected void onAttach(AttachEvent attached) {
        var ui = attached.getUI();
        var registration = ComponentUtil.addListener(ui, Away.Over.class, _ -> {
            var parts = body.getChildren().toList();
            if (parts.size() == 1 && parts.getFirst() instanceof Away) ui.refreshCurrentRoute(false);
        });
        addDetachListener(detached -> {
            registration.remove();
            detached.unregisterListener();
        });
    }

    @Override
    public final String getPageTitle() {
        return title + " · Nearside";
    }

    protected final void name(String title, String lead) {
        this.title = title;
        heading.setText(title);
        this.lead.setText(lead);
        this.lead.setVisible(!lead.isEmpty());
    }

    /// The way back up: the list this page's object is in.
    protected final void under(Link parent) {
        trail.removeAll();
        var slash = new Span("/");
        slash.getElement().setAttribute("aria-hidden", "true");
        trail.add(parent, slash);
        trail.setVisible(true);
    }

    protected final void actions(Component... all) {
        actions.removeAll();
        actions.add(all);
    }

    protected final void body(Component... all) {
        body.removeAll();
        body.add(all);
    }

    /// Shows the same page with newer content. What did not change stays as it is, opened and focused parts too.
    protected final void refresh(Component... all) {
        var old = body.getChildren().toList();
        if (old.size() != all.length) {
            body(all);
            return;
        }
        for (var i = 0; i < all.length; i++) {
            var before = old.get(i);
            var was = before.getElement().getOuterHTML();
            if (!was.equals(all[i].getElement().getOuterHTML())) body.replace(before, all[i]);
        }
    }
}
