package dev.nearside.admin.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.textfield.TextField;
import dev.nearside.admin.ViewTest;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.Snapshots;
import org.junit.jupiter.api.Test;

class DraftViewTest extends ViewTest {

    private static final String ID = "3f6c0a52-1d6b-4a2e-9b1c-0c5a3c1f7d10";

    @Test
    void withoutADraftThereIsNothingToDo() {
        signIn(Role.OPERATOR);

        open("draft");

        assertThat(said()).contains("Everything is published", "in snapshot 1");
        assertThat(find(Button.class).withId("draft-publish").all()).isEmpty();
    }

    @Test
    void theDraftIsShownBeforeItIsPublished() {
        signIn(Role.OPERATOR);
        controlPlane().saveBehindYourBack(ID, 60);
        open("draft");
        assertThat(said()).contains("Cache policy demo-public-api", "defaultTTL", "300", "60");

        test(find(Button.class).withId("draft-publish").single()).click();
        test(find(Button.class).withId("publish-confirm").single()).click();

        assertThat(controlPlane().published()).hasSize(2);
    }

    @Test
    void whatWasSavedSinceIsNotPublishedUnseen() {
        signIn(Role.OPERATOR);
        controlPlane().saveBehindYourBack(ID, 60);
        open("draft");
        controlPlane().saveBehindYourBack(ID, 61);

        test(find(Button.class).withId("draft-publish").single()).click();
        test(find(Button.class).withId("publish-confirm").single()).click();

        assertThat(said()).contains("The draft changed meanwhile");
        assertThat(controlPlane().published()).hasSize(1);
    }

    @Test
    void discardingAsksFirst() {
        signIn(Role.OPERATOR);
        controlPlane().saveBehindYourBack(ID, 60);
        open("draft");

        test(find(Button.class).withId("draft-discard").single()).click();
        test(find(ConfirmDialog.class).withId("discard-dialog").single()).confirm();

        assertThat(said()).contains("Everything is published");
    }

    @Test
    void rollingBackIsOneClickAndAConfirmationThatShowsWhatChanges() {
        signIn(Role.OPERATOR);
        publish();
        controlPlane().saveBehindYourBack(ID, 61);
        open("snapshots");

        test(find(Button.class).withId("rollback-1").single()).click();
        settle();
        assertThat(said())
                .contains("published anew as snapshot 3")
                .contains("1 unpublished change will be given up", "origins[site].originReadTimeout");
        test(find(TextField.class).withId("rollback-comment").single()).setValue("it broke");
        test(find(Button.class).withId("rollback-confirm").single()).click();

        assertThat(controlPlane().published())
                .extracting(Snapshots.Item::version)
                .containsExactly(1L, 2L, 3L);
        assertThat(controlPlane().published().getLast().comment()).isEqualTo("restored from snapshot 1: it broke");
        assertThat(said()).contains("Rolled back", "edges run snapshot 3");
    }

    @Test
    void whoMayNotIsToldWhy() {
        signIn(Role.OPERATOR);
        publish();
        signIn(Role.VIEWER);

        open("snapshots/compare/1/2");

        assertThat(find(Button.class).withId("rollback-1").single().isEnabled()).isFalse();
        assertThat(said()).contains("Needs the role operator", "Cache policy demo-public-api");
    }

    private static void publish() {
        controlPlane().saveBehindYourBack(ID, 60);
        var somebody = controlPlane().enter("token-of-operator");
        assertThat(somebody.publish("")).isInstanceOf(Answer.Done.class);
    }
}
