package dev.nearside.admin.access;

import com.vaadin.flow.server.ServiceInitEvent;
import com.vaadin.flow.server.VaadinRequest;
import com.vaadin.flow.server.VaadinServiceInitListener;
import com.vaadin.flow.server.auth.NavigationAccessControl;
import dev.nearside.admin.control.Role;
import java.security.Principal;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Sends whoever has not signed in to the login page, and checks roles before a page is made.
public final class Access extends NavigationAccessControl {

    private Access() {
        setLoginView(LoginView.class);
    }

    @Override
    protected @Nullable Principal getPrincipal(VaadinRequest request) {
        return SignedIn.find().orElse(null);
    }

    @Override
    protected Predicate<String> getRolesChecker(VaadinRequest request) {
        return role -> SignedIn.find()
                .filter(person -> person.role().includes(Role.valueOf(role.toUpperCase(Locale.ROOT))))
                .isPresent();
    }

    /// Puts the check in front of every page; found by Vaadin when it starts.
    public static final class Guard implements VaadinServiceInitListener {

        @Override
        public void serviceInit(ServiceInitEvent start) {
            var access = new Access();
            start.getSource().addUIInitListener(opened -> opened.getUI().addBeforeEnterListener(access));
        }
    }
}
