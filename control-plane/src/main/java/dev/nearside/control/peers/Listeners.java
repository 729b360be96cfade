package dev.nearside.control.peers;

import dev.nearside.control.peers.Changes.Subject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Those in this process who want to hear of changes.
public final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final Map<Subject, List<Runnable>> bySubject = new ConcurrentHashMap<>();
    private final Map<Runnable, Subject> failed = new ConcurrentHashMap<>();

    public void add(Subject subject, Runnable listener) {
        bySubject.computeIfAbsent(subject, _ -> new CopyOnWriteArrayList<>()).add(listener);
    }

    /// Tells all of them; one that fails keeps nobody from hearing it, and is told again.
    public void tell(Subject subject) {
        for (var listener : bySubject.getOrDefault(subject, List.of())) tell(listener, subject);
    }

    /// Tells those again who failed the last time.
    public void tellAgain() {
        failed.forEach(this::tell);
    }

    private void tell(Runnable listener, Subject subject) {
        try {
            listener.run();
            if (failed.remove(listener) != null) LOG.info("word of {} is acted on again", subject);
        } catch (RuntimeException e) {
            if (failed.put(listener, subject) == null)
                LOG.warn("word of {} was not acted on, trying on: {}", subject, root(e).toString());
        }
    }

    private static Throwable root(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        return cause;
    }
}
