package dev.nearside.admin.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.textfield.TextArea;
import dev.nearside.admin.ViewTest;
import dev.nearside.admin.control.Role;
import org.junit.jupiter.api.Test;

class PublishTest extends ViewTest {

    private static final String ID = "3f6c0a52-1d6b-4a2e-9b1c-0c5a3c1f7d10";

    @Test
    void withoutChangesThereIsNothingToPublish() {
        signIn(Role.OPERATOR);

        open("edges");

        assertThat(find(PublishBar.class).all()).noneMatch(PublishBar::isVisible);
    }

    @Test
    void publishingAsksWhyAndShowsEachEdge() {
        signIn(Role.OPERATOR);
        controlPlane().saveBehindYourBack(ID, 60);
        open("edges");

        test(find(Button.class).withId("publish-button").single()).click();
        test(find(TextArea.class).withId("publish-comment").single()).setValue("Fresher answers");
        test(find(Button.class).withId("publish-confirm").single()).click();

        assertThat(controlPlane().published().getLast().comment()).isEqualTo("Fresher answers");
        assertThat(said()).contains("1 of 2 edges run snapshot 2").contains("waiting");
        assertThat(find(PublishBar.class).all()).noneMatch(PublishBar::isVisible);
    }

    @Test
    void aViewerSeesTheChangesAndWhyTheyAreNotTheirs() {
        signIn(Role.VIEWER);
        controlPlane().saveBehindYourBack(ID, 60);

        open("distributions");

        assertThat(said()).contains("1 unpublished change").contains("Needs the role operator");
        assertThat(find(Button.class).withId("publish-button").single().isEnabled())
                .isFalse();
    }
}
