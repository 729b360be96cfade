package dev.nearside.admin.invalidation;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.textfield.TextArea;
import dev.nearside.admin.ViewTest;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Role;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InvalidationsViewTest extends ViewTest {

    @BeforeEach
    void operate() {
        signIn(Role.OPERATOR);
    }

    private TextArea paths() {
        return find(TextArea.class).withId("invalidation-paths").single();
    }

    private void order(String text) {
        open("invalidations");
        test(paths()).setValue(text);
        test(find(Button.class).withId("invalidation-create").single()).click();
    }

    @Test
    void anOrderOpensItsOwnPageAndIsWatchedThere() {
        order("/static/*\n\n /index.html ");

        var ordered = controlPlane().ordered().getFirst();
        assertThat(ordered.paths()).containsExactly("/static/*", "/index.html");
        assertThat(address()).isEqualTo("invalidations/E1DEMO7NEARSIDE/" + ordered.id());
        assertThat(said()).contains("1 of 2 edges have applied it").contains("edge-2");
    }

    @Test
    void anEdgeThatIsAwayStandsFirstAndSaysSinceWhen() {
        controlPlane().unreachableEdge = "edge-2";

        order("/static/*");

        var since =
                Words.instant(controlPlane().ordered().getFirst().createTime().minusSeconds(86_400));
        assertThat(said()).contains("1 edge cannot be reached", "since " + since);
        assertThat(said().indexOf("edge-2")).isLessThan(said().indexOf("edge-1"));
    }

    @Test
    void aBadPathIsMarkedAndNothingIsOrdered() {
        order("static/*");

        assertThat(paths().isInvalid()).isTrue();
        assertThat(paths().getErrorMessage()).contains("paths[0]").contains("begins with /");
        assertThat(controlPlane().ordered()).isEmpty();
    }

    @Test
    void everythingIsAskedOnceMore() {
        order("/*");

        assertThat(controlPlane().ordered()).isEmpty();
        test(find(ConfirmDialog.class).single()).confirm();
        assertThat(controlPlane().ordered()).hasSize(1);
    }

    @Test
    void everythingIsOneTickAndAskedOnceMore() {
        open("invalidations");
        test(find(Checkbox.class).withId("invalidation-everything").single()).click();
        assertThat(paths().isEnabled()).isFalse();
        test(find(Button.class).withId("invalidation-create").single()).click();

        test(find(ConfirmDialog.class).single()).confirm();
        assertThat(controlPlane().ordered().getFirst().paths()).containsExactly("/*");
    }

    @Test
    void theHistoryGoesOnOnAnotherPage() {
        for (int i = 1; i <= 21; i++) order("/" + i);

        open("invalidations?distribution=E1DEMO7NEARSIDE");
        assertThat(said()).contains("Older").contains("/21").doesNotContain("Newest");
        open("invalidations?distribution=E1DEMO7NEARSIDE&marker=2");

        assertThat(said()).contains("Newest").doesNotContain("Older").doesNotContain("/21");
    }

    @Test
    void aSoftOrderOfATagIsOrderedAsSuch() {
        open("invalidations");
        test(find(Checkbox.class).withId("invalidation-soft").single()).click();
        test(paths()).setValue("#product:42");
        assertThat(said()).contains("\"soft\":true");
        test(find(Button.class).withId("invalidation-create").single()).click();

        var ordered = controlPlane().ordered().getFirst();
        assertThat(ordered.paths()).containsExactly("#product:42");
        assertThat(ordered.soft()).isTrue();
        assertThat(said()).contains("soft: stale");
    }

    @Test
    void runningAgainFillsTheFormAndWaits() {
        open("invalidations?distribution=E1DEMO7NEARSIDE&paths=%2Fa%0A%2Fb%2F%2A");

        assertThat(paths().getValue()).isEqualTo("/a\n/b/*");
        assertThat(controlPlane().ordered()).isEmpty();
    }

    @Test
    void theCommandSaysWhatTheFormSays() {
        open("invalidations");

        test(paths()).setValue("/it's/*");

        assertThat(said()).contains("/invalidations?wait=all&timeout=30s").contains("it'\\''s");
    }
}
