package dev.nearside.admin.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import dev.nearside.admin.ViewTest;
import dev.nearside.admin.control.Role;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EdgeViewTest extends ViewTest {

    private Button button(String id) {
        return find(Button.class).withId(id).single();
    }

    @Test
    void anOperatorDrainsAnEdgeAndTakesItBack() {
        signIn(Role.OPERATOR);
        open("edges/id-of-edge-1");

        test(button("drain-edge")).click();

        assertThat(said()).contains("drained").contains("Invalidations do not wait for it");
        test(button("drain-edge")).click();
        assertThat(said()).doesNotContain("Invalidations do not wait for it");
        assertThat(button("rotate-edge").isEnabled()).isFalse();
    }

    @Test
    void labelsAreCheckedBeforeTheyAreSaved() {
        signIn(Role.OPERATOR);
        open("edges/id-of-edge-1");
        test(button("label-edge")).click();
        var labels = find(TextArea.class).withId("labels").single();

        test(labels).setValue("site");
        test(button("labels-save")).click();
        assertThat(labels.isInvalid()).isTrue();

        test(labels).setValue("site=fra\ntier = 2");
        test(button("labels-save")).click();
        assertThat(said()).contains("site=fra").contains("tier=2");
    }

    @Test
    void whoLabelledItMeanwhileIsNotOverwrittenUnseen() {
        signIn(Role.OPERATOR);
        open("edges/id-of-edge-1");
        test(button("label-edge")).click();
        controlPlane().enter("token-of-admin").labelEdge("id-of-edge-1", "\"1\"", Map.of("site", "theirs"));
        test(find(TextArea.class).withId("labels").single()).setValue("site=mine");

        test(button("labels-save")).click();
        assertThat(said()).contains("Somebody changed edge-1 meanwhile", "site=theirs");

        test(button("labels-save")).click();
        assertThat(said()).contains("site=mine").doesNotContain("site=theirs");
    }

    @Test
    void anEdgeThatCannotShowACertificateSaysSo() {
        signIn(Role.VIEWER);
        controlPlane().certificateProblem = "shop: the key does not fit";

        open("edges");
        assertThat(said()).contains("1 certificate problem");
        open("edges/id-of-edge-1");
        assertThat(said()).contains("Cannot show a certificate", "shop: the key does not fit");
    }

    @Test
    void whatNeedsAttentionStandsFirstAndTheRestIsFound() {
        signIn(Role.VIEWER);
        controlPlane().unreachableEdge = "edge-2";
        open("edges");

        assertThat(said()).contains("2 edges, 1 needs attention");
        assertThat(said().indexOf("edge-2")).isLessThan(said().indexOf("edge-1"));

        test(find(TextField.class).withId("edge-search").single()).setValue("site=ams");
        assertThat(said()).contains("1 of 2 edges").doesNotContain("edge-2");
    }

    @Test
    void theButtonsComeBackWithTheControlPlane() {
        signIn(Role.OPERATOR);
        controlPlane().isAway = true;
        open("edges/id-of-edge-1");
        controlPlane().isAway = false;

        await().pollInSameThread().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            settle();
            assertThat(find(Button.class).withId("drain-edge").all()).isNotEmpty();
        });
    }

    @Test
    void whatIsWrongWithANameIsSaidAtTheField() {
        signIn(Role.ADMIN);
        open("edges");
        test(button("enrol-edge")).click();
        var name = find(TextField.class).withId("enrol-name").single();

        test(name).setValue("edge 3!");
        test(button("enrol-confirm")).click();
        assertThat(name.getErrorMessage()).contains("expected");

        test(name).setValue("edge-3");
        test(button("enrol-confirm")).click();
        assertThat(said()).contains("--name edge-3", "An edge on another one needs an address that leads here");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        https://control.example:8070 | nearside edge --control-plane https://control.example:8070 \\ --control-plane-ca ca.pem
        https://127.0.0.1:8070       | nearside edge --control-plane https://127.0.0.1:8070 \\ --control-plane-ca ca.pem
        http://10.0.0.7:8070         | nearside edge --control-plane http://10.0.0.7:8070 --allow-plain-http
        http://127.0.0.1:8070        | nearside edge --control-plane http://127.0.0.1:8070
        """)
    void theCommandSaysWhatTheWayToTheControlPlaneAsksFor(String address, String begins) {
        var command = EnrolDialog.command(address, "edge-3").replaceAll("\\s+", " ");

        assertThat(command).startsWith(begins + " \\ --enrolment-token-file token --name edge-3 \\ --listen");
    }
}
