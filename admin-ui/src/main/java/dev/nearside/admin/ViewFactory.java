package dev.nearside.admin;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.di.DefaultInstantiator;
import com.vaadin.flow.di.Instantiator;
import com.vaadin.flow.di.InstantiatorFactory;
import com.vaadin.flow.server.VaadinService;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.Entrance;
import dev.nearside.admin.insight.LiveTraffic;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;

/// Gives each view what its constructor asks for; found by Vaadin, which makes the views.
public final class ViewFactory implements InstantiatorFactory {

    @Override
    public Instantiator createInstantitor(VaadinService service) {
        return new ByConstructor(service);
    }

    private static final class ByConstructor extends DefaultInstantiator {

        private final transient VaadinService service;

        ByConstructor(VaadinService service) {
            super(service);
            this.service = service;
        }

        @Override
        public <T> T getOrCreate(Class<T> type) {
            var ours = type.getPackageName().startsWith("dev.nearside.admin") && Component.class.isAssignableFrom(type);
            return ours ? make(type) : super.getOrCreate(type);
        }

        private <T> T make(Class<T> type) {
            var constructors = type.getDeclaredConstructors();
            if (constructors.length != 1) throw new IllegalStateException(type + ": a view has one constructor");
            @SuppressWarnings("unchecked") // the constructor is the type's own
            var constructor = (Constructor<T>) constructors[0];
            constructor.setAccessible(true);
            try {
                return constructor.newInstance(Arrays.stream(constructor.getParameterTypes())
                        .map(this::wanted)
                        .toArray());
            } catch (InvocationTargetException failed) {
                throw failed.getCause() instanceof RuntimeException bug ? bug : new IllegalStateException(failed);
            } catch (ReflectiveOperationException failed) {
                throw new IllegalStateException(type + " cannot be made", failed);
            }
        }

        private Object wanted(Class<?> type) {
            var services = Objects.requireNonNull(service.getContext().getAttribute(Services.class), "services");
            if (type == Entrance.class) return services.entrance();
            if (type == LiveTraffic.class) return services.traffic();
            if (type == Pulse.class) return services.pulse();
            if (type == InstantSource.class) return services.clock();
            if (type == UI.class) return UI.getCurrent();
            if (type == SignedIn.class) return SignedIn.here();
            if (type == ControlPlane.class)
                return services.entrance().enter(SignedIn.here().token());
            throw new IllegalStateException(type + " is nothing that a view can ask for");
        }
    }
}
