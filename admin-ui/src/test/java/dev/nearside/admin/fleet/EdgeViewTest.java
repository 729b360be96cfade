package dev.nearside.admin.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.textfield.TextArea;
import dev.nearside.admin.ViewTest;
import dev.nearside.admin.control.Role;
import org.junit.jupiter.api.Test;

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
}
