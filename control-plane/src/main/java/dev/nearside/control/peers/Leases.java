package dev.nearside.control.peers;

import java.time.Duration;

/// Sees to it that a chore is done by one control plane at a time.
///
/// A lease is held until its term ends by the clock of the database, so that clocks of machines may differ. Whoever
/// holds it holds on to it, by asking again before the end; when the holder is gone, another one gets it after the
/// term.
public interface Leases extends AutoCloseable {

    /// Takes or prolongs the lease of that name; false if another control plane has it.
    boolean hold(String name, Duration term);

    /// Lets go of the lease of that name if it is held here.
    void release(String name);

    /// Does a chore if the lease can be had. Whoever fails at it lets go of the lease: another one may do better.
    ///
    /// A chore that outlasts the term may run elsewhere as well: what it writes must bear that.
    ///
    /// @return whether it was done here
    default boolean run(String name, Duration term, Runnable chore) {
        if (!hold(name, term)) return false;
        try {
            chore.run();
        } catch (RuntimeException failed) {
            release(name);
            throw failed;
        }
        return true;
    }

    /// Lets go of everything that is held, so that others need not wait for the terms to end.
    @Override
    void close();
}
