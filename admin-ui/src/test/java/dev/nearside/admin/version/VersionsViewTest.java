package dev.nearside.admin.version;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.select.Select;
import dev.nearside.admin.ViewTest;
import dev.nearside.admin.control.Role;
import org.junit.jupiter.api.Test;

class VersionsViewTest extends ViewTest {

    private static final String HERE = "versions/distributions/E1DEMO7NEARSIDE";

    @Test
    void showsWhoSavedWhatAndTheLastTwoBesideEachOther() {
        signIn(Role.VIEWER);

        open(HERE);

        assertThat(said())
                .contains("Static files by pattern", "Cache the API", "Version 2 beside version 3")
                .contains("cacheBehaviors[/api/public/*]", "added")
                .contains("place 2", "place 1", "moved")
                .contains("origins[site].originReadTimeout", "10", "30", "changed");
    }

    @Test
    @SuppressWarnings("unchecked") // components are found by their raw class
    void anotherChoiceIsAnotherAddress() {
        signIn(Role.VIEWER);
        open(HERE);

        Select<Long> from = find(Select.class).withId("compare-from").single();
        from.setValue(1L);
        settle();

        assertThat(address()).isEqualTo(HERE + "?from=1&to=3");
        assertThat(said()).contains("Version 1 beside version 3");
    }

    @Test
    void sayingTheSameIsSaid() {
        signIn(Role.VIEWER);

        open(HERE + "?from=3&to=3");

        assertThat(said()).contains("Nothing differs");
    }

    @Test
    void restoringShowsTheDifferenceAndAsksFirst() {
        signIn(Role.OPERATOR);
        open(HERE);

        test(find(Button.class).withId("restore-1").single()).click();
        settle();
        assertThat(said()).contains("It is saved as version 4");
        test(find(Button.class).withId("restore-confirm").single()).click();
        settle();

        assertThat(said()).contains("restored from version 1", "Version 3 beside version 4");
    }
}
