package dev.nearside.admin.insight;

import com.vaadin.flow.router.Route;
import dev.nearside.admin.component.*;
import jakarta.annotation.security.PermitAll;

@Route("")
@PermitAll
final class DashboardView extends Page {
    DashboardView() {
        super("Dashboard", "What the fleet does right now");
        var c = new LiveChart("x", "y");
        c.describe(
                LiveChart.Unit.PERCENT,
                false,
                java.time.Duration.ofMinutes(5),
                java.util.List.of(new LiveChart.Series("hit", "var(--ns-chart-hit)", true, false)));
        var rows = new java.util.ArrayList<java.util.List<@org.jspecify.annotations.Nullable Number>>();
        long t = System.currentTimeMillis();
        for (int i = 0; i < 300; i++)
            rows.add(java.util.List.of(t - 300000 + i * 1000, 0.5 + 0.4 * Math.sin(i / 20.0)));
        c.show(rows, java.util.List.of(new LiveChart.Mark(t - 100000, "snapshot 3")));
        body(new Panel("Hit ratio", c));
    }
}
