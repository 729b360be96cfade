package dev.nearside.admin.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import dev.nearside.admin.ViewTest;
import dev.nearside.admin.control.Role;
import org.junit.jupiter.api.Test;

class RolloutsViewTest extends ViewTest {

    private static final String ID = "3f6c0a52-1d6b-4a2e-9b1c-0c5a3c1f7d10";

    private void askToPublish() {
        controlPlane().saveBehindYourBack(ID, 60);
        open("edges");
        test(find(Button.class).withId("publish-button").single()).click();
        test(find(Checkbox.class).withId("rollout-staged").single()).click();
    }

    private void publishOnTrial() {
        askToPublish();
        test(find(TextField.class).withId("rollout-labels").single()).setValue("region=eu, tier=small");
        test(find(Button.class).withId("publish-confirm").single()).click();
        settle();
    }

    @Test
    void saysHowToStartOneWhenThereIsNone() {
        signIn(Role.VIEWER);

        open("rollouts");

        assertThat(said()).contains("No snapshot was tried on some edges yet");
    }

    @Test
    void publishingOnTrialLeadsToTheRolloutAndItsFigures() {
        signIn(Role.OPERATOR);

        publishOnTrial();

        assertThat(address()).isEqualTo("rollouts");
        assertThat(said())
                .contains("Snapshot 2", "Snapshot 1", "region=eu, tier=small", "watching")
                .contains("0.25 %", "0.19 %", "1 points more", "88.4 %", "23.1 ms", "2 times as long")
                .contains("1,204 requests on the canaries, 15,377 on the others; at least 100 each are needed")
                .contains("edge-1", "runs it", "left");
    }

    @Test
    void theControlPlaneSaysWhatIsWrongWithIt() {
        signIn(Role.OPERATOR);
        askToPublish();
        test(find(TextField.class).withId("rollout-labels").single()).setValue("region=eu");
        test(find(IntegerField.class).withId("rollout-percentage").single()).setValue(5);

        test(find(Button.class).withId("publish-confirm").single()).click();

        assertThat(said()).contains("either labels or percentage");
    }

    @Test
    void anOperatorEndsItByHandAndReadsWhy() {
        signIn(Role.OPERATOR);
        publishOnTrial();

        test(find(Button.class).withId("rollout-abort").single()).click();
        test(find(ConfirmDialog.class).single()).confirm();
        settle();

        assertThat(said()).contains("History", "rolled back", "5xx 0.25 % on the canaries");
        open("rollouts/2");
        assertThat(said()).contains("Rolled back by operator: every edge runs snapshot 3");
    }

    @Test
    void aTrialIsSeenOnEveryPageAndIsNotCalledCurrent() {
        signIn(Role.OPERATOR);
        publishOnTrial();

        open("edges");
        assertThat(said())
                .contains("Snapshot 2 is on trial", "On 1 of 2 edges; the others run snapshot 1.", "on trial");
        open("snapshots");
        assertThat(said()).contains("on trial", "current");
        assertThat(find(Button.class).withId("rollback-1").all()).isEmpty();
        open("distributions");
        assertThat(said()).contains("Snapshot 2 is on trial");
    }

    @Test
    void whoWantsToPublishMeanwhileIsLedToTheRollout() {
        signIn(Role.OPERATOR);
        publishOnTrial();
        controlPlane().saveBehindYourBack(ID, 30);
        open("draft");
        test(find(Button.class).withId("draft-publish").single()).click();

        assertThat(find(Button.class).withId("publish-confirm").single().isEnabled())
                .isFalse();
        test(find(Button.class).withId("trial-go").single()).click();
        settle();
        assertThat(address()).isEqualTo("rollouts");
    }

    @Test
    void aViewerMayNotEndIt() {
        signIn(Role.OPERATOR);
        publishOnTrial();
        signIn(Role.VIEWER);

        open("edges");
        open("rollouts");

        assertThat(find(Button.class).withId("rollout-promote").single().isEnabled())
                .isFalse();
        assertThat(said()).contains("Needs the role operator");
    }
}
