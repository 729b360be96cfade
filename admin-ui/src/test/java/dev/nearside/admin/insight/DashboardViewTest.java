package dev.nearside.admin.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vaadin.flow.component.html.Span;
import dev.nearside.admin.ViewTest;
import dev.nearside.admin.control.Role;
import org.junit.jupiter.api.Test;

class DashboardViewTest extends ViewTest {

    private String tile(String id) {
        return find(Span.class).withId(id).single().getText();
    }

    @Test
    void theServerFillsTheTilesByItself() {
        signIn(Role.VIEWER);
        open("");

        await().pollInSameThread().untilAsserted(() -> {
            settle();
            assertThat(tile("tile-hit-ratio-value")).matches("\\d+\\.\\d %");
            assertThat(tile("tile-edges-value")).isEqualTo("2 of 2");
        });
    }

    @Test
    void oldDataIsCalledStale() {
        signIn(Role.VIEWER);
        open("");
        await().pollInSameThread().untilAsserted(() -> {
            settle();
            assertThat(tile("tile-hit-ratio-value")).endsWith("%");
        });

        controlPlane().isAway = true;

        await().pollInSameThread().untilAsserted(() -> {
            settle();
            assertThat(said()).contains("This data is stale");
        });
    }
}
