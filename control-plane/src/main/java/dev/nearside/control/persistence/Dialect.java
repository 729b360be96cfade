package dev.nearside.control.persistence;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/// All that H2 and PostgreSQL say differently.
enum Dialect {
    H2("current_timestamp"),
    POSTGRES("clock_timestamp()");

    /// What H2 answers when another process holds the file.
    private static final int H2_ALREADY_OPEN = 90020;

    private static final int H2_LOCK_TIMEOUT = 50200;

    /// H2's database or its connection was closed, or its file cannot be written.
    private static final Set<Integer> H2_GONE = Set.of(90007, 90028, 90031, 90067, 90098, 90121);

    /// PostgreSQL is stopping, stopped after a crash, starting, has no room, is a standby, or waited for too long.
    private static final Set<String> POSTGRES_GONE =
            Set.of("57P01", "57P02", "57P03", "53300", "25006", "55P03", "57014", "40001", "40P01");

    private final String now;

    Dialect(String now) {
        this.now = now;
    }

    /// The time by the database's clock, when it is read; not when the transaction began.
    String now() {
        return now;
    }

    /// Whether another process holds the database.
    static boolean isInUse(SQLException failure) {
        return failure.getErrorCode() == H2_ALREADY_OPEN;
    }

    /// Whether a row of that key was there already.
    static boolean isDuplicate(SQLException failure) {
        return "23505".equals(failure.getSQLState());
    }

    /// Whether the same may well succeed later: the database is away, or was too busy.
    boolean isPassing(SQLException failure) {
        if (failure instanceof SQLTransientConnectionException) return true;
        var state = String.valueOf(failure.getSQLState());
        return switch (this) {
            case H2 -> failure.getErrorCode() == H2_LOCK_TIMEOUT || H2_GONE.contains(failure.getErrorCode());
            // 08 is what happens to connections.
            case POSTGRES -> state.startsWith("08") || POSTGRES_GONE.contains(state);
        };
    }
}
