package dev.nearside.admin.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextArea;
import dev.nearside.admin.ViewTest;
import dev.nearside.admin.control.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistributionEditorTest extends ViewTest {

    private TextArea edit() {
        signIn(Role.OPERATOR);
        open("distributions/E1DEMO7NEARSIDE/edit");
        return find(TextArea.class).withId("distribution-json").single();
    }

    private void save() {
        test(find(Button.class).withId("distribution-save").single()).click();
        settle();
    }

    @Test
    void savesWhatWasWritten() {
        var json = edit();
        assertThat(json.getValue()).contains("\"defaultRootObject\": \"index.html\"");

        test(json).setValue(json.getValue().replace("index.html", "home.html"));
        save();

        assertThat(address()).isEqualTo("distributions/E1DEMO7NEARSIDE");
        assertThat(said()).contains("home.html");
    }

    @Test
    void whatIsWrongIsSaidAtItsLine() {
        var json = edit();

        test(json).setValue("{\n\"name\": \"demo\",\n\"enabled\": \"maybe\"}");
        save();

        assertThat(json.isInvalid()).isTrue();
        assertThat(json.getErrorMessage()).contains("Line 3, enabled: \"maybe\" (expected: true or false)");
        assertThat(json.getValue()).contains("maybe");
    }

    @Test
    void whoWasFasterIsShownBesideTheButtonAndNothingIsLost() {
        var json = edit();
        var theirs = json.getValue().replace("The sample site", "Their site");
        controlPlane().enter("token-of-admin").saveDistribution("E1DEMO7NEARSIDE", "3", theirs, "");

        test(json).setValue(json.getValue().replace("index.html", "home.html"));
        save();

        assertThat(said()).contains("admin saved version 4 while you were editing", "origins[site].originReadTimeout");
        var panel = json.getParent().orElseThrow().getChildren().toList();
        assertThat(panel.indexOf(find(Div.class).withId("distribution-messages").single()))
                .as("far below the fold a message above the text is not seen")
                .isGreaterThan(panel.indexOf(json));

        test(find(Button.class).withId("conflict-keep-mine").single()).click();
        settle();
        assertThat(address()).isEqualTo("distributions/E1DEMO7NEARSIDE");
        assertThat(said()).contains("home.html").doesNotContain("Their site");
    }

    @Test
    void whoGivesWayGetsTheirVersionToEdit() {
        var json = edit();
        var theirs = json.getValue().replace("The sample site", "Their site");
        controlPlane().enter("token-of-admin").saveDistribution("E1DEMO7NEARSIDE", "3", theirs, "");
        save();

        test(find(Button.class).withId("conflict-take-theirs").single()).click();

        assertThat(find(TextArea.class).withId("distribution-json").single().getValue())
                .contains("Their site");
        save();
        assertThat(address()).isEqualTo("distributions/E1DEMO7NEARSIDE");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # path                  | line
        name                    | 2
        origins[1].domainName   | 6
        origins[1].httpPort     | 5
        aliases[0]              | 1
        ''                      | 1
        """)
    void aPathLeadsToALine(String path, long line) {
        var json = "{\n\"name\": \"a\",\n\"origins\": [\n{\"id\": \"x\"},\n{\"id\": \"y\",\n\"domainName\": 1}]}";

        assertThat(JsonPlace.line(json, path)).contains(line);
        assertThat(JsonPlace.line("{", path)).isEmpty();
    }
}
