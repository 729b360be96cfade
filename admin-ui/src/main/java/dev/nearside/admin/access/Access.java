package dev.nearside.admin.access;

import com.vaadin.flow.server.ServiceInitEvent;
import com.vaadin.flow.server.VaadinRequest;
import com.vaadin.flow.server.VaadinServiceInitListener;
import com.vaadin.flow.server.auth.NavigationAccessControl;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/// Sends whoever has not signed in to the login page. What a role may do, the pages say and the control plane decides.
public final class Access extends NavigationAccessControl {

    private Access() {
        setLoginView(LoginView.class);
    }

    @Override
    protected @Nullable Principal getPrincipal(VaadinRequest request) {
        return SignedIn.find().orElse(null);
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
