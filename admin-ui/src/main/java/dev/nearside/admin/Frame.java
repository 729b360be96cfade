package dev.nearside.admin;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.ComponentUtil;
import com.vaadin.flow.component.HasElement;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.applayout.AppLayout;
import com.vaadin.flow.component.applayout.DrawerToggle;
import com.vaadin.flow.component.avatar.Avatar;
import com.vaadin.flow.component.contextmenu.SubMenu;
import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.menubar.MenuBar;
import com.vaadin.flow.component.menubar.MenuBarVariant;
import com.vaadin.flow.component.page.ColorScheme;
import com.vaadin.flow.component.sidenav.SideNav;
import com.vaadin.flow.component.sidenav.SideNavItem;
import com.vaadin.flow.router.AfterNavigationEvent;
import com.vaadin.flow.router.AfterNavigationObserver;
import com.vaadin.flow.router.Layout;
import com.vaadin.flow.server.VaadinSession;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.Brand;
import dev.nearside.admin.component.Glyph;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.Role;
import dev.nearside.admin.fleet.ConfigurationChanged;
import dev.nearside.admin.fleet.PublishBar;
import jakarta.annotation.security.PermitAll;
import java.util.Locale;

/// What stands around every page: where to go, who is here, and what is not published yet.
@Layout
@PermitAll
@JsModule("context://alive/v1/alive.js")
final class Frame extends AppLayout implements AfterNavigationObserver {

    /// Another page starts at its top; the same page with another filter stays where it is.
    private static final String TO_THE_TOP =
            "window.scrollTo(0, 0); document.querySelector('vaadin-app-layout')?.shadowRoot?.querySelector('[part=content]')?.scrollTo(0, 0)";

    private final ControlPlane controlPlane;
    private final PublishBar publishBar;
    private final Div content = new Div();
    private String shown = "";

    Frame(ControlPlane controlPlane, SignedIn person, Pulse pulse) {
        this.controlPlane = controlPlane;
        publishBar = new PublishBar(controlPlane, person.role(), pulse);
        content.addClassName("content");
        content.add(publishBar);
        setContent(content);
        setPrimarySection(Section.DRAWER);

        var toggle = new DrawerToggle();
        toggle.setAriaLabel("Menu");
        toggle.setId("menu-toggle");
        var space = new Span();
        space.addClassName("space");
        var bar = new Div(toggle, space, theme(), account(person));
        bar.addClassName("bar");
        addToNavbar(bar);

        var drawer = new Div(new Brand(), places(person), foot(person));
        drawer.addClassName("drawer");
        addToDrawer(drawer);
    }

    private static SideNav places(SignedIn person) {
        var places = new SideNav();
        places.getElement().setAttribute("aria-label", "Main");
        places.addItem(
                place("Dashboard", Places.DASHBOARD, Glyph.DASHBOARD),
                place("Distributions", Places.DISTRIBUTIONS, Glyph.DISTRIBUTION),
                place("Policies", Places.POLICIES, Glyph.POLICY),
                place("Certificates", Places.CERTIFICATES, Glyph.LOCK),
                place("Invalidations", Places.INVALIDATIONS, Glyph.INVALIDATION),
                place("Explain", Places.EXPLAIN, Glyph.QUESTION),
                place("Edges", Places.EDGES, Glyph.EDGE),
                place("Draft", Places.DRAFT, Glyph.EDIT),
                place("Snapshots", Places.SNAPSHOTS, Glyph.SNAPSHOT),
                place("Rollouts", Places.ROLLOUTS, Glyph.ROLLOUT));
        if (person.role().includes(Role.ADMIN)) places.addItem(place("Audit log", Places.AUDIT, Glyph.LIST));
        return places;
    }

    private static SideNavItem place(String name, String path, Glyph glyph) {
        var item = new SideNavItem(name, path, glyph.draw());
        item.setMatchNested(!path.isEmpty());
        item.setId("nav-" + (path.isEmpty() ? "dashboard" : path));
        return item;
    }

    private static Div foot(SignedIn person) {
        var foot = new Div(
                new Span(person.username()), new Span("Role: " + person.role().word()));
        foot.addClassName("drawer-foot");
        return foot;
    }

    private static MenuBar theme() {
        var menu = new MenuBar();
        menu.addThemeVariants(MenuBarVariant.TERTIARY);
        menu.setId("theme-menu");
        var button = menu.addItem(Glyph.SUN.draw());
        button.setAriaLabel("Colours");
        var choices = button.getSubMenu();
        choice(choices, "As the system", Glyph.SYSTEM, ColorScheme.Value.SYSTEM);
        choice(choices, "Light", Glyph.SUN, ColorScheme.Value.LIGHT);
        choice(choices, "Dark", Glyph.MOON, ColorScheme.Value.DARK);
        return menu;
    }

    private static void choice(SubMenu menu, String name, Glyph glyph, ColorScheme.Value scheme) {
        var line = new Div(glyph.draw(), new Span(name));
        line.addClassName("bar-button");
        var item = menu.addItem(line, _ -> choose(scheme));
        item.setId("theme-" + scheme.name().toLowerCase(Locale.ROOT));
    }

    private static void choose(ColorScheme.Value scheme) {
        var page = UI.getCurrent().getPage();
        page.setColorScheme(scheme);
        page.executeJs("localStorage.setItem('nearside-scheme', $0)", scheme.getValue());
    }

    private MenuBar account(SignedIn person) {
        var menu = new MenuBar();
        menu.addThemeVariants(MenuBarVariant.TERTIARY);
        menu.setId("account-menu");
        var avatar = new Avatar(person.username());
        avatar.getElement().setAttribute("aria-hidden", "true");
        var name = new Span(person.username());
        name.addClassName("who");
        var line = new Div(avatar, name);
        line.addClassName("bar-button");
        var button = menu.addItem(line);
        button.setAriaLabel("Account of " + person.username());
        var who = button.getSubMenu()
                .addItem("%s, %s".formatted(person.username(), person.role().word()));
        who.setEnabled(false);
        var leave = new Div(Glyph.SIGN_OUT.draw(), new Span("Sign out"));
        leave.addClassName("bar-button");
        button.getSubMenu().addItem(leave, _ -> signOut()).setId("sign-out");
        return menu;
    }

    private void signOut() {
        // An API token serves others as well, and outlives this visit.
        if (!SignedIn.here().isByToken()) controlPlane.logout();
        UI.getCurrent().getPage().setLocation("/login");
        VaadinSession.getCurrent().getSession().invalidate();
    }

    @Override
    public void showRouterLayoutContent(HasElement page) {
        content.removeAll();
        content.add(publishBar);
        content.getElement().appendChild(page.getElement());
    }

    @Override
    public void removeRouterLayoutContent(HasElement page) {
        page.getElement().removeFromParent();
    }

    @Override
    protected void onAttach(AttachEvent event) {
        ComponentUtil.addListener(event.getUI(), ConfigurationChanged.class, _ -> publishBar.refresh());
    }

    @Override
    public void afterNavigation(AfterNavigationEvent event) {
        publishBar.refresh();
        // On a narrow screen the drawer lies over the page.
        if (isOverlay()) setDrawerOpened(false);
        var path = event.getLocation().getPath();
        if (!path.equals(shown))
            event.getLocationChangeEvent().getUI().getPage().executeJs(TO_THE_TOP);
        shown = path;
    }
}
