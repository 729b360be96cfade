package dev.nearside.admin.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import dev.nearside.admin.ViewTest;
import dev.nearside.admin.control.Role;
import org.junit.jupiter.api.Test;

class ExplainViewTest extends ViewTest {

    private static final String PAGE = "https://shop.example.org/static/shop.css?v=3";

    private void ask(String url, String headers) {
        test(find(TextField.class).withId("explain-url").single()).setValue(url);
        test(find(TextArea.class).withId("explain-headers").single()).setValue(headers);
        test(find(Button.class).withId("explain-ask").single()).click();
        settle();
    }

    @Test
    void everyEdgeSaysWhatItWouldDoAndTheFirstSaysWhy() {
        signIn(Role.VIEWER);
        open("explain");

        ask(PAGE, "Accept-Encoding: gzip, br");

        assertThat(said())
                .contains("edge-1", "revalidate", "edge-2", "Served from the cache.")
                .contains("The stored copy's life of 3 s (Max TTL) ended 8.813 s ago.")
                .contains("/static/shop.css differs in case, which counts", "time since arrival", "11.432 s")
                .contains("cache policy pages keys on these query parameters: v", "coats", "If-None-Match");
    }

    @Test
    void anEdgeThatSaysNothingIsNamedAndHidesNobodyElse() {
        signIn(Role.VIEWER);
        controlPlane().silentEdge = "edge-1";
        open("explain");

        ask(PAGE, "");

        assertThat(said()).contains("no answer", "edge-1 said nothing for 5 s.", "What edge-2 would do");
    }

    @Test
    void aLinkAsksOneEdgeAtOnce() {
        signIn(Role.VIEWER);

        open("explain?url=https%3A%2F%2Fshop.example.org%2F&edge=edge-2");

        assertThat(said()).contains("What edge-2 would do").doesNotContain("Every edge decides for itself");
    }

    @Test
    void whatIsWrongIsSaidAtItsField() {
        signIn(Role.VIEWER);
        open("explain");

        ask("shop", "no colon here");

        assertThat(find(TextField.class).withId("explain-url").single().getErrorMessage())
                .contains("an absolute http or https URL");
        assertThat(find(TextArea.class).withId("explain-headers").single().getErrorMessage())
                .contains("a header name");
    }
}
