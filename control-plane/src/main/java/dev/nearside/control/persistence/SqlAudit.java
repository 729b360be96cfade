package dev.nearside.control.persistence;

import dev.nearside.control.audit.AuditEntry;
import dev.nearside.control.audit.AuditRepository;
import java.time.OffsetDateTime;
import java.util.List;

/// Reads what [Database#remember] wrote.
public final class SqlAudit implements AuditRepository {
    private final Database database;

    public SqlAudit(Database database) {
        this.database = database;
    }

    @Override
    public List<AuditEntry> latest(int atMost) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                                select happened_at, author, action, subject, comment from audit_log
                                order by id desc limit :count
                                """)
                        .bind("count", atMost)
                        .map((row, _) -> new AuditEntry(
                                row.getObject("happened_at", OffsetDateTime.class)
                                        .toInstant(),
                                row.getString("author"),
                                row.getString("action"),
                                row.getString("subject"),
                                row.getString("comment")))
                        .list());
    }
}
