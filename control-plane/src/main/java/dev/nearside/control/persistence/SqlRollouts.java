package dev.nearside.control.persistence;

import dev.nearside.control.fleet.Canaries;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.NewRollout;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;

/// Rollouts in SQL.
public final class SqlRollouts {
    private SqlRollouts() {}

    static Canaries canaries(ResultSet row) throws SQLException {
        long below = row.getLong("share_below");
        if (!row.wasNull()) return new Canaries.Share(below);
        var chosen = plan(row).canaries();
        return new Canaries.Labelled(chosen == null ? Map.of() : Objects.requireNonNullElse(chosen.labels(), Map.of()));
    }

    private static NewRollout plan(ResultSet row) throws SQLException {
        return switch (Json.read(row.getString("plan"), NewRollout.class)) {
            case Checked.Valid<NewRollout>(var plan) -> plan;
            case Checked.Invalid<NewRollout>(var problems) -> throw new IllegalStateException("stored plan: " + problems);
        };
    }
}
