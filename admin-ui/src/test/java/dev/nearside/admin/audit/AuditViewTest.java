package dev.nearside.admin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.textfield.TextField;
import dev.nearside.admin.ViewTest;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.AuditLog;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditViewTest extends ViewTest {

    @Test
    void anAdminReadsWhoDidWhatAndFindsIt() {
        signIn(Role.ADMIN);
        open("audit");
        assertThat(said()).contains("bob", "update cache-policy", "What changed", "Shorter", "roll back rollout");

        test(find(TextField.class).withId("audit-search").single()).setValue("ROLLOUT");

        assertThat(said()).contains("1 of the latest 2 entries").doesNotContain("Shorter");
    }

    @Test
    void whoMayNotReadItIsToldSo() {
        signIn(Role.OPERATOR);

        open("audit");

        assertThat(said()).contains("Your role does not allow this").doesNotContain("bob");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # action              | subject                                | leads to
        update distribution   | demo E3TW4NDV24V35L, version 8         | versions/distributions/E3TW4NDV24V35L?from=7&to=8
        update cache-policy   | my pages 3f6c-0a52, version 2          | versions/cache-policies/3f6c-0a52?from=1&to=2
        create distribution   | demo E3TW4NDV24V35L, version 1         |
        publish snapshot      | snapshot 6                             | snapshots/compare/5/6
        publish snapshot      | snapshot 1                             |
        log in                | admin (admin)                          |
        update something      | x y, version 9                         |
        """)
    void anEntryLeadsToWhatItChanged(String action, String subject, String place) {
        var item = new AuditLog.Item(Instant.EPOCH, "admin", action, subject, "");

        assertThat(Changed.by(item).orElse(null)).isEqualTo(place);
    }
}
