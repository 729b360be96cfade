package dev.nearside.control.persistence;

import dev.nearside.control.peers.Changes;
import dev.nearside.control.peers.Listeners;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Changes by `LISTEN` and `NOTIFY`.
///
/// One connection of its own listens and is opened again whenever it is lost. Once a second all listeners look for
/// themselves, whatever was heard. What is announced goes out from a thread of its own, each subject once however
/// often it was announced meanwhile: nobody who commits waits for it.
final class PostgresChanges implements Changes {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresChanges.class);
    private static final String CHANNEL = "nearside";
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /// Opens a connection that is not of the pool.
    @FunctionalInterface
    interface Connector {
        Connection connect() throws SQLException;
    }

    private final Database database;
    private final Connector connector;
    private final String self;
    private final Listeners listeners = new Listeners();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final Set<Subject> unsaid = EnumSet.noneOf(Subject.class);
    private boolean isClosed;

    private final Thread listening;
    private final Thread saying;

    /// @param self names this control plane among all on the database; what it said itself it need not hear
    PostgresChanges(Database database, Connector connector, String self) {
        this.database = database;
        this.connector = connector;
        this.self = self;
        this.listening = Thread.ofVirtual().name("changes-listen").start(this::listen);
        this.saying = Thread.ofVirtual().name("changes-say").start(this::say);
    }

    @Override
    public void announce(Subject subject) {
        lock.lock();
        try {
            unsaid.add(subject);
            more.signalAll();
        } finally {
            lock.unlock();
        }
        listeners.tell(subject);
    }

    @Override
    public void listen(Subject subject, Runnable listener) {
        listeners.add(subject, listener);
    }

    @Override
    public void lookAgain() {
        // Everybody does, once a second.
    }

    private void say() {
        try {
            while (true) {
                var next = awaitUnsaid();
                if (next.isEmpty()) return;
                say(next);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(Set<Subject> subjects) {
        try {
            database.jdbi().useHandle(handle -> {
                for (var subject : subjects) {
                    handle.createQuery("select pg_notify(:channel, :word)")
                            .bind("channel", CHANNEL)
                            .bind("word", subject.name() + " " + self)
                            .mapTo(String.class)
                            .one();
                }
            });
        } catch (RuntimeException e) {
            LOG.debug("others will look for themselves: {}", e.getMessage());
        }
    }

    /// Empty once this is closed.
    private Set<Subject> awaitUnsaid() throws InterruptedException {
        lock.lock();
        try {
            while (unsaid.isEmpty() && !isClosed) more.await();
            if (isClosed) return Set.of();
            var next = EnumSet.copyOf(unsaid);
            unsaid.clear();
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void listen() {
        boolean isLost = false;
        while (!isClosed()) {
            try (var connection = connector.connect()) {
                connection.setAutoCommit(true);
                try (var statement = connection.createStatement()) {
                    statement.execute("listen " + CHANNEL);
                }
                if (isLost) LOG.info("the database is heard again");
                isLost = false;
                hear(connection);
            } catch (SQLException e) {
                if (isClosed()) return;
                if (!isLost) LOG.warn("the database is not heard any more, trying on: {}", e.getMessage());
                isLost = true;
                lookAround();
                pause();
            }
        }
    }

    private void hear(Connection connection) throws SQLException {
        var notices = connection.unwrap(PGConnection.class);
        // Word may have been missed before.
        lookAround();
        long looked = System.nanoTime();
        while (!isClosed()) {
            long left = LOOK_EVERY.toMillis() - (System.nanoTime() - looked) / 1_000_000;
            if (left > 0) {
                var heard = EnumSet.noneOf(Subject.class);
                for (var notice : notices.getNotifications((int) left)) {
                    subject(notice.getParameter()).ifPresent(heard::add);
                }
                for (var subject : heard) listeners.tell(subject);
                continue;
            }
            // A connection that died without a word fails here, instead of listening for ever.
            if (!connection.isValid((int) LOOK_EVERY.toSeconds() * 5)) throw new SQLException("the connection is dead");
            database.readClock();
            lookAround();
            looked = System.nanoTime();
        }
    }

    /// Empty for what this one said itself, and for what only a later release knows.
    private Optional<Subject> subject(String word) {
        int space = word.indexOf(' ');
        if (space < 0 || word.substring(space + 1).equals(self)) return Optional.empty();
        var name = word.substring(0, space);
        return EnumSet.allOf(Subject.class).stream()
                .filter(subject -> subject.name().equals(name))
                .findFirst();
    }

    private void lookAround() {
        for (var subject : Subject.values()) listeners.tell(subject);
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return isClosed || Thread.currentThread().isInterrupted();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            more.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            // It notices within a second; an interruption would tear its connection.
            listening.join(LOOK_EVERY.multipliedBy(3));
            saying.join(LOOK_EVERY);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
