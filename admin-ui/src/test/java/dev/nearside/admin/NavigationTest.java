package dev.nearside.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.H1;
import com.vaadin.flow.component.textfield.TextArea;
import dev.nearside.admin.component.Away;
import dev.nearside.admin.control.Role;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NavigationTest extends ViewTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # address                                   | heading
        ''                                          | Dashboard
        distributions                               | Distributions
        distributions/E1DEMO7NEARSIDE               | demo
        distributions/E1DEMO7NEARSIDE?tab=json      | demo
        distributions/E1DEMO7NEARSIDE?tab=origins   | demo
        distributions/E1DEMO7NEARSIDE?tab=versions  | demo
        policies                                    | Policies
        policies?kind=response-headers-policies     | Policies
        policies/cache-policies/658327ea-f89d-4fab-a63d-7e88639e58f6 | Managed-CachingOptimized
        policies/cache-policies/new                 | New cache policy
        invalidations                               | Invalidations
        audit                                       | Audit log
        explain                                     | Why is this page stale?
        edges                                       | Edges
        edges/id-of-edge-1                          | edge-1
        snapshots                                   | Snapshots
        snapshots/1                                 | Snapshot 1
        snapshots/compare/1/1                       | Snapshot 1 beside snapshot 1
        draft                                       | Draft
        distributions/new                           | New distribution
        distributions/E1DEMO7NEARSIDE/edit          | Edit demo
        versions/distributions/E1DEMO7NEARSIDE      | Versions of demo
        versions/distributions/E1DEMO7NEARSIDE?from=1&to=3 | Versions of demo
        versions/cache-policies/3f6c0a52-1d6b-4a2e-9b1c-0c5a3c1f7d10 | Versions of demo-public-api
        """)
    void aLinkOpensWhatItNamesEvenForAViewer(String address, String heading) {
        signIn(Role.VIEWER);

        open(address);

        assertThat(find(H1.class).withId("page-title").single().getText()).isEqualTo(heading);
        assertThat(said()).doesNotContain("cannot be reached");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "distributions", "policies/cache-policies/new", "edges/id-of-edge-1"})
    void whoeverHasNotSignedInOnlySeesTheDoor(String address) {
        open(address);

        assertThat(address()).isEqualTo("login");
    }

    @Test
    void anEndedSessionLeadsToTheDoorAndBack() {
        signIn(Role.OPERATOR);
        open("edges");
        controlPlane().isForgetful = true;

        open("distributions");

        assertThat(address()).startsWith("login").contains("next=distributions");
        assertThat(said()).contains("your session has ended");
    }

    @Test
    void aPageSaysThatTheControlPlaneIsAway() {
        signIn(Role.OPERATOR);
        controlPlane().isAway = true;

        open("edges");

        assertThat(said()).contains("The control plane cannot be reached");
    }

    @ParameterizedTest
    @ValueSource(strings = {"distributions", "policies", "certificates", "versions/distributions/E1DEMO7NEARSIDE"})
    void aPageShowsDataAgainWhenTheControlPlaneIsBack(String address) {
        signIn(Role.OPERATOR);
        controlPlane().isAway = true;
        open(address);
        assertThat(said()).contains("What is shown may be old", "this page shows data again when it is back");

        controlPlane().isAway = false;

        await().pollInSameThread().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            settle();
            assertThat(said()).doesNotContain("be reached", "may be old");
        });
    }

    @Test
    void whatSomebodyWroteOutlivesAControlPlaneThatWasAway() {
        signIn(Role.OPERATOR);
        open("distributions/E1DEMO7NEARSIDE/edit");
        var json = find(TextArea.class).withId("distribution-json").single();
        controlPlane().isAway = true;
        test(json).setValue(json.getValue().replace("index.html", "home.html"));
        test(find(Button.class).withId("distribution-save").single()).click();
        assertThat(said()).contains("cannot be reached");

        controlPlane().isAway = false;
        Away.Over.announce(UI.getCurrent());
        settle();

        assertThat(find(TextArea.class).withId("distribution-json").single().getValue())
                .contains("home.html");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # address                                                   | button            | needs
        invalidations                                               | invalidation-create | operator
        policies                                                    | new-cache-policy  | operator
        policies/cache-policies/3f6c0a52-1d6b-4a2e-9b1c-0c5a3c1f7d10 | policy-edit       | operator
        versions/distributions/E1DEMO7NEARSIDE                      | restore-1         | operator
        distributions                                               | new-distribution  | operator
        distributions/E1DEMO7NEARSIDE                               | distribution-edit | operator
        distributions/E1DEMO7NEARSIDE/edit                          | distribution-save | operator
        edges                                                       | enrol-edge        | admin
        edges/id-of-edge-1                                          | remove-edge       | admin
        """)
    void anActionThatTheRoleForbidsIsDisabledAndSaysWhy(String address, String button, String needs) {
        signIn(Role.VIEWER);

        open(address);

        assertThat(find(Button.class).withId(button).single().isEnabled()).isFalse();
        assertThat(said()).contains("Needs the role " + needs);
    }
}
