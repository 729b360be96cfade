package dev.nearside.control.persistence;

import dev.nearside.control.peers.Leases;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leases as rows; the clock of the database says when one has ended.
public final class SqlLeases implements Leases {
    private static final Logger LOG = LoggerFactory.getLogger(SqlLeases.class);

    private final Database database;
    private final String holder;

    /// @param holder names this control plane among all on the database
    public SqlLeases(Database database, String holder) {
        this.database = database;
        this.holder = holder;
    }

    private record Lease(String holder, Instant until) {}

    @Override
    public boolean hold(String name, Duration term) {
        try {
            return database.jdbi().inTransaction(handle -> hold(handle, name, term));
        } catch (UnableToExecuteStatementException e) {
            // Two made the row at the same time; the other one has it.
            if (e.getCause() instanceof SQLException sql && Dialect.isDuplicate(sql)) return false;
            throw e;
        }
    }

    private boolean hold(Handle handle, String name, Duration term) {
        var before = handle.createQuery("select holder, held_until from lease where name = :name for update")
                .bind("name", name)
                .map((row, _) -> new Lease(
                        row.getString("holder"),
                        row.getObject("held_until", OffsetDateTime.class).toInstant()))
                .findOne();
        // Read after the row is locked: waiting for it takes time.
        var now = database.now(handle);
        if (before.isPresent() && !mayTake(before.get(), now)) return false;
        var until = now.plus(term);
        int updated = handle.execute("update lease set holder = ?, held_until = ? where name = ?", holder, until, name);
        if (updated == 0) {
            handle.execute("insert into lease (name, holder, held_until) values (?, ?, ?)", name, holder, until);
        }
        return true;
    }

    private boolean mayTake(Lease lease, Instant now) {
        return lease.holder().equals(holder) || !now.isBefore(lease.until());
    }

    @Override
    public void release(String name) {
        letGo("delete from lease where holder = ? and name = ?", holder, name);
    }

    @Override
    public void close() {
        letGo("delete from lease where holder = ?", holder);
    }

    private void letGo(String sql, Object... of) {
        try {
            database.jdbi().useHandle(handle -> handle.execute(sql, of));
        } catch (RuntimeException e) {
            LOG.info("leases end by themselves: {}", e.getMessage());
        }
    }
}
