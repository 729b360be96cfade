package dev.nearside.admin.access;

import com.vaadin.flow.server.VaadinSession;
import dev.nearside.admin.control.Role;
import java.io.Serializable;
import java.security.Principal;
import java.util.Optional;

/// Who is signed in here. The token is kept in the console's memory and never reaches the browser.
///
/// @param isByToken whether `token` is an API token, which is not ended by signing out
public record SignedIn(String username, Role role, String token, boolean isByToken) implements Principal, Serializable {

    public SignedIn(String username, Role role, String token) {
        this(username, role, token, false);
    }

    @Override
    public String getName() {
        return username;
    }

    @Override
    public String toString() {
        return username + " (" + role.word() + ")";
    }

    /// Whoever signed in to the current session, if anybody did.
    static Optional<SignedIn> find() {
        var session = VaadinSession.getCurrent();
        return session == null ? Optional.empty() : Optional.ofNullable(session.getAttribute(SignedIn.class));
    }

    /// Whoever signed in; only for pages that nobody else can open.
    public static SignedIn here() {
        return find().orElseThrow(() -> new IllegalStateException("nobody is signed in"));
    }

    void enter() {
        VaadinSession.getCurrent().setAttribute(SignedIn.class, this);
    }

    static void forget() {
        var session = VaadinSession.getCurrent();
        if (session != null) session.setAttribute(SignedIn.class, null);
    }
}
