package dev.nearside.admin.component;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.UIDetachedException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what a page shows up to date, for as long as somebody looks at it.
///
/// Asking happens outside the page's lock, so a slow answer never freezes the page.
public final class Pulse implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            work -> Thread.ofPlatform().daemon().name("pulse").unstarted(work));
    private final ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor();

    /// Asks again and again while the component is on a page, and shows each answer on that page.
    public <T> void keep(Component on, Duration every, Supplier<T> ask, Consumer<T> show) {
        on.addAttachListener(attached -> {
            var beat = start(attached.getUI(), every, ask, show);
            on.addDetachListener(detached -> {
                beat.cancel(false);
                detached.unregisterListener();
            });
        });
    }

    /// Asks once, and shows the answer when it is there.
    public <T> void once(UI ui, Supplier<T> ask, Consumer<T> show) {
        asking.execute(() -> beat(ui, ask, show, new AtomicBoolean()));
    }

    private <T> Future<?> start(UI ui, Duration every, Supplier<T> ask, Consumer<T> show) {
        var busy = new AtomicBoolean();
        return ticker.scheduleAtFixedRate(
                () -> {
                    if (busy.compareAndSet(false, true)) asking.execute(() -> beat(ui, ask, show, busy));
                },
                every.toMillis(),
                every.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private static <T> void beat(UI ui, Supplier<T> ask, Consumer<T> show, AtomicBoolean busy) {
        try {
            var answer = ask.get();
            var _ = ui.access(() -> show.accept(answer));
        } catch (UIDetachedException _) {
            LOG.debug("the page has gone");
        } catch (RuntimeException bug) {
            LOG.error("a page could not be kept up to date", bug);
        } finally {
            busy.set(false);
        }
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        asking.shutdownNow();
    }
}
