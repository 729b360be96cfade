package dev.nearside.control.peers;

/// Changes where there is one control plane alone.
public final class LocalChanges implements Changes {
    private final Listeners listeners = new Listeners();

    @Override
    public void announce(Subject subject) {
        listeners.tell(subject);
    }

    @Override
    public void listen(Subject subject, Runnable listener) {
        listeners.add(subject, listener);
    }

    @Override
    public void lookAgain() {
        listeners.tellAgain();
    }

    @Override
    public void close() {
        // There is nobody else to take leave of.
    }
}
