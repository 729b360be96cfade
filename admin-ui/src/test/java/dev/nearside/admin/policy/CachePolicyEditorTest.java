package dev.nearside.admin.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import dev.nearside.admin.ViewTest;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.CachePolicyDocument;
import dev.nearside.model.wire.HeadersConfig;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CachePolicyEditorTest extends ViewTest {

    private static final String ID = "3f6c0a52-1d6b-4a2e-9b1c-0c5a3c1f7d10";

    @BeforeEach
    void operate() {
        signIn(Role.OPERATOR);
    }

    private IntegerField defaultTtl() {
        return find(IntegerField.class).withId("policy-default-ttl").single();
    }

    private void click(String id) {
        test(find(Button.class).withId(id).single()).click();
    }

    private static CachePolicyDocument stored() {
        return controlPlane().policy(ID).orElseThrow().config();
    }

    @Test
    void savingMakesANewVersionAndKeepsWhatWasNotTouched() {
        open("policies/cache-policies/" + ID + "/edit");
        var before = stored();

        test(defaultTtl()).setValue(120);
        test(find(TextField.class).withId("policy-remark").single()).setValue("Fresher answers");
        click("policy-save");

        assertThat(stored().defaultTTL()).isEqualTo(120);
        assertThat(stored().queryStringsConfig()).isEqualTo(before.queryStringsConfig());
        assertThat(controlPlane().policy(ID).orElseThrow().comment()).isEqualTo("Fresher answers");
        assertThat(address()).isEqualTo("policies/cache-policies/" + ID);
    }

    @Test
    void savingTellsThatItIsNotPublishedYet() {
        open("policies/cache-policies/" + ID + "/edit");

        test(defaultTtl()).setValue(120);
        click("policy-save");

        assertThat(said()).contains("1 unpublished change");
        assertThat(find(Button.class).withId("publish-button").single().isEnabled())
                .isTrue();
    }

    @Test
    void theFieldAtFaultCarriesTheVerdictOfTheControlPlane() {
        open("policies/cache-policies/" + ID + "/edit");

        test(defaultTtl()).setValue(9000);
        click("policy-save");

        assertThat(List.of(
                        defaultTtl(),
                        find(IntegerField.class).withId("policy-min-ttl").single(),
                        find(IntegerField.class).withId("policy-max-ttl").single()))
                .anyMatch(field -> field.isInvalid() && field.getErrorMessage().contains("expected"));
        assertThat(stored().defaultTTL()).isEqualTo(300);
    }

    @Test
    void aNewPolicyIsCreatedFromACopy() {
        open("policies/cache-policies/new?from=" + ID);

        test(find(TextField.class).withId("policy-name").single()).setValue("search");
        click("policy-save");

        var created = controlPlane().policy("id-of-search").orElseThrow().config();
        assertThat(created.queryStringsConfig()).isEqualTo(stored().queryStringsConfig());
    }

    @Test
    @SuppressWarnings("unchecked") // the field holds words
    void namesAreOneALine() {
        open("policies/cache-policies/" + ID + "/edit");

        ((Select<String>) find(Select.class).withId("policy-headers-behavior").single()).setValue("whitelist");
        test(find(TextArea.class).withId("policy-headers-names").single())
                .setValue("Accept-Language\n\n Authorization ");
        click("policy-save");

        assertThat(stored().headersConfig())
                .isEqualTo(new HeadersConfig("whitelist", List.of("Accept-Language", "Authorization")));
    }

    @Test
    void whoWasFasterIsNamedAndNothingIsOverwritten() {
        open("policies/cache-policies/" + ID + "/edit");
        controlPlane().saveBehindYourBack(ID, 60);

        test(defaultTtl()).setValue(120);
        click("policy-save");

        assertThat(said()).contains("bob saved version 2").contains("yours 120, theirs 60");
        assertThat(stored().defaultTTL()).isEqualTo(60);
    }

    @Test
    void afterAConflictMineCanBecomeTheNextVersion() {
        open("policies/cache-policies/" + ID + "/edit");
        controlPlane().saveBehindYourBack(ID, 60);
        test(defaultTtl()).setValue(120);
        click("policy-save");

        click("conflict-keep-mine");

        assertThat(stored().defaultTTL()).isEqualTo(120);
        assertThat(controlPlane().policy(ID).orElseThrow().version()).isEqualTo(3);
    }

    @Test
    void afterAConflictTheirsCanBeTaken() {
        open("policies/cache-policies/" + ID + "/edit");
        controlPlane().saveBehindYourBack(ID, 60);
        test(defaultTtl()).setValue(120);
        click("policy-save");

        click("conflict-take-theirs");

        assertThat(defaultTtl().getValue()).isEqualTo(60);
    }

    @Test
    void aManagedPolicyCannotBeSaved() {
        open("policies/cache-policies/658327ea-f89d-4fab-a63d-7e88639e58f6/edit");

        assertThat(find(Button.class).withId("policy-save").single().isEnabled())
                .isFalse();
        assertThat(said()).contains("A managed policy cannot be changed");
    }

    @Test
    void aViewerMayLookButNotSave() {
        signIn(Role.VIEWER);

        open("policies/cache-policies/" + ID + "/edit");

        assertThat(find(Button.class).withId("policy-save").single().isEnabled())
                .isFalse();
    }
}
