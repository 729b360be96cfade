package dev.nearside.admin;

import com.vaadin.flow.component.dependency.StyleSheet;
import com.vaadin.flow.component.page.AppShellConfigurator;
import com.vaadin.flow.component.page.ColorScheme;
import com.vaadin.flow.component.page.Inline;
import com.vaadin.flow.component.page.Push;
import com.vaadin.flow.server.AppShellSettings;
import com.vaadin.flow.shared.ui.Transport;
import com.vaadin.flow.theme.aura.Aura;

/// The page around every view: theme, push, favicon.
///
/// Requests go by ordinary HTTP and only answers are pushed, because signing in must change the session's cookie.
@Push(transport = Transport.WEBSOCKET_XHR)
@StyleSheet(Aura.STYLESHEET)
@StyleSheet("console.css")
@ColorScheme(ColorScheme.Value.SYSTEM)
public final class AppShell implements AppShellConfigurator {

    /// Before the first paint, so that a dark page does not start with a white flash.
    private static final String CHOSEN_COLOURS = """
            const chosen = localStorage.getItem('nearside-scheme');
            if (chosen) {
              document.documentElement.style.colorScheme = chosen;
              document.documentElement.setAttribute('theme', chosen.replace(' ', '-'));
            }
            """;

    @Override
    public void configurePage(AppShellSettings settings) {
        settings.setViewport("width=device-width, initial-scale=1");
        settings.addMetaTag("description", "Nearside console");
        settings.addFavIcon("icon", "favicon.svg", "any");
        settings.addInlineWithContents(CHOSEN_COLOURS, Inline.Wrapping.JAVASCRIPT);
    }
}
