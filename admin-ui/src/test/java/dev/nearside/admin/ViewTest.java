package dev.nearside.admin;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.browserless.ViewPackages;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.server.ServiceInitEvent;
import com.vaadin.flow.server.VaadinService;
import com.vaadin.flow.server.VaadinServiceInitListener;
import com.vaadin.flow.server.VaadinSession;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.control.MemoryControlPlane;
import dev.nearside.admin.control.Role;
import dev.nearside.admin.insight.LiveTraffic;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/// A browser window without a browser: real views and routes over a control plane in memory.
@ViewPackages(packages = "dev.nearside.admin")
public abstract class ViewTest extends BrowserlessTest {

    @Override
    protected Set<Class<?>> lookupServices() {
        return Set.of(ViewFactory.class);
    }

    /// Gives each window its own control plane; found by Vaadin as the production's guard is.
    public static final class InMemory implements VaadinServiceInitListener {

        @Override
        public void serviceInit(ServiceInitEvent start) {
            var clock = InstantSource.system();
            start.getSource()
                    .getContext()
                    .setAttribute(
                            Services.class,
                            new Services(new MemoryControlPlane(clock), new LiveTraffic(clock), new Pulse(), clock));
        }
    }

    @AfterEach
    void stopClocks() {
        services().traffic().close();
        services().pulse().close();
    }

    private static Services services() {
        return Objects.requireNonNull(VaadinService.getCurrent().getContext().getAttribute(Services.class));
    }

    protected static MemoryControlPlane controlPlane() {
        return (MemoryControlPlane) services().entrance();
    }

    protected static void signIn(Role role) {
        VaadinSession.getCurrent()
                .setAttribute(SignedIn.class, new SignedIn(role.word(), role, "token-of-" + role.word()));
    }

    protected static void open(String address) {
        Link.follow(UI.getCurrent(), address);
        settle();
    }

    /// Lets everything happen that waits for the page's lock, as the end of a request does.
    protected static void settle() {
        var session = VaadinSession.getCurrent();
        session.unlock();
        session.lock();
        roundTrip();
    }

    protected static String address() {
        return UI.getCurrent().getActiveViewLocation().getPathWithQueryParameters();
    }

    /// Everything that the page says, for a look at what a person would read.
    protected static String said() {
        return texts(UI.getCurrent()).collect(Collectors.joining(" "));
    }

    private static Stream<String> texts(Component component) {
        return Stream.concat(
                Stream.of(component.getElement().getTextRecursively()),
                component.getChildren().flatMap(ViewTest::texts));
    }
}
