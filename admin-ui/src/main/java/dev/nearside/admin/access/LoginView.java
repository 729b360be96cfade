package dev.nearside.admin.access;

import com.vaadin.flow.component.Key;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H1;
import com.vaadin.flow.component.html.Main;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.Autocomplete;
import com.vaadin.flow.component.textfield.PasswordField;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.server.VaadinRequest;
import com.vaadin.flow.server.VaadinService;
import com.vaadin.flow.server.VaadinSession;
import com.vaadin.flow.server.auth.AnonymousAllowed;
import com.vaadin.flow.server.auth.NavigationAccessControl;
import dev.nearside.admin.component.Brand;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.Answer.Refused;
import dev.nearside.admin.control.Answer.SignedOut;
import dev.nearside.admin.control.Answer.Unreachable;
import dev.nearside.admin.control.Entrance;
import dev.nearside.admin.control.Role;
import java.util.List;

/// The door: a name and a password, checked by the control plane.
@Route(value = "login", autoLayout = false)
@PageTitle("Sign in · Nearside")
@AnonymousAllowed
final class LoginView extends Main implements BeforeEnterObserver {

    private final Entrance entrance;
    private final TextField username = new TextField("User name");
    private final PasswordField password = new PasswordField("Password or API token");
    private final Div message = new Div();
    private String next = "";

    LoginView(Entrance entrance) {
        this.entrance = entrance;
        addClassName("login");
        username.setId("login-username");
        username.setAutocomplete(Autocomplete.USERNAME);
        username.setAutofocus(true);
        username.setRequiredIndicatorVisible(false);
        username.setHelperText("Leave it empty to sign in with an API token.");
        password.setId("login-password");
        password.setAutocomplete(Autocomplete.CURRENT_PASSWORD);
        message.setId("login-message");
        message.addClassName("login-message");
        message.getElement().setAttribute("role", "alert");
        message.setVisible(false);

        var signIn = new Button("Sign in", _ -> signIn());
        signIn.setId("login-button");
        signIn.addThemeVariants(ButtonVariant.PRIMARY);
        signIn.setDisableOnClick(false);
        // Leaving the field first makes sure that its text has arrived.
        signIn.addClickShortcut(Key.ENTER).setResetFocusOnActiveElement(true);

        var card = new Div(
                new Brand(),
                new H1("Sign in"),
                new Paragraph("The console of your content delivery network."),
                message,
                username,
                password,
                signIn);
        card.addClassName("login-card");
        add(card);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        SignedIn.forget();
        var parameters = event.getLocation().getQueryParameters();
        next = parameters.getSingleParameter("next").orElse("");
        if (parameters.getSingleParameter("expired").isPresent()) {
            say("You have been signed out, because your session has ended. Sign in to go on.");
        }
    }

    private void signIn() {
        if (password.isEmpty()) {
            say("Enter your user name and your password, or an API token alone.");
            return;
        }
        if (username.isEmpty()) {
            signInByToken(tokenOf(password.getValue()));
            return;
        }
        switch (entrance.login(username.getValue().strip(), password.getValue())) {
            case Done(var person) -> goOn(new SignedIn(person.username(), Role.named(person.role()), person.token()));
            case SignedOut() -> refuse("That user name and password do not match.");
            case Refused(var _, var title, var detail, var _) -> refuse(detail.isEmpty() ? title : detail);
            case Unreachable(var reason) -> say("The control plane cannot be reached: %s.".formatted(reason));
        }
    }

    private void signInByToken(String token) {
        switch (entrance.identify(token)) {
            case Done(var owner) -> goOn(new SignedIn(owner.name(), Role.named(owner.role()), token, true));
            case SignedOut() -> refuse("That is no valid API token.");
            case Refused(var _, var title, var detail, var _) -> refuse(detail.isEmpty() ? title : detail);
            case Unreachable(var reason) -> say("The control plane cannot be reached: %s.".formatted(reason));
        }
    }

    /// What cannot stand in a header is no token.
    private static String tokenOf(String said) {
        var token = said.strip();
        return token.chars().allMatch(c -> c > ' ' && c < 127) ? token : "-";
    }

    private void goOn(SignedIn person) {
        var target = target();
        // A new session identifier: one that somebody planted before is worth nothing now.
        VaadinService.reinitializeSession(VaadinRequest.getCurrent());
        person.enter();
        UI.getCurrent().getPage().setLocation(target);
    }

    private String target() {
        var stored =
                VaadinSession.getCurrent().getSession().getAttribute(NavigationAccessControl.SESSION_STORED_REDIRECT);
        var wanted = next.isEmpty() && stored instanceof String path ? path : next;
        return isOurs(wanted) ? "/" + wanted : "/";
    }

    /// Only paths of this console: never another host, and not the login page again.
    static boolean isOurs(String path) {
        return path.matches("[A-Za-z0-9?][A-Za-z0-9/._~=?&%-]*")
                && !path.contains("//")
                && List.of("login", "logout").stream().noneMatch(path::startsWith);
    }

    private void refuse(String text) {
        password.clear();
        password.focus();
        say(text);
    }

    private void say(String text) {
        message.setText(text);
        message.setVisible(true);
    }
}
