package dev.nearside.control.audit;

import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.model.wire.api.AuditLog;
import java.util.List;

/// Shows who changed what.
public final class AuditResource {
    private static final int MOST_LISTED = 500;

    private final AuditRepository repository;

    public AuditResource(AuditRepository repository) {
        this.repository = repository;
    }

    public List<Route> routes() {
        return List.of(Route.get("/api/v1/audit", new AtLeast(Role.ADMIN), _ -> list()));
    }

    private Answer list() {
        var items = repository.latest(MOST_LISTED).stream()
                .map(entry ->
                        new AuditLog.Item(entry.at(), entry.author(), entry.action(), entry.subject(), entry.comment()))
                .toList();
        return Answer.ok(new AuditLog(items));
    }
}
