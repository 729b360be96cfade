package dev.nearside.admin.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import dev.nearside.admin.ViewTest;
import dev.nearside.admin.control.Role;
import org.junit.jupiter.api.Test;

class CertificatesViewTest extends ViewTest {

    private void click(String id) {
        test(find(Button.class).withId(id).single()).click();
    }

    private TextArea area(String id) {
        return find(TextArea.class).withId(id).single();
    }

    @Test
    void saysWhenEachEndsInWords() {
        signIn(Role.VIEWER);
        open("certificates");

        assertThat(said()).contains("60 days left").contains("12 days left").contains("Ended");
        assertThat(said()).contains("Ends in 12 days").contains("2 of 2");
        assertThat(find(Button.class).withId("upload-certificate").single().isEnabled())
                .isFalse();
    }

    @Test
    void whatIsWrongIsSaidAtTheField() {
        signIn(Role.OPERATOR);
        open("certificates");
        click("upload-certificate");
        test(find(TextField.class).withId("certificate-name").single()).setValue("new");
        test(area("certificate-chain")).setValue("PEM");
        click("certificate-save");

        assertThat(area("certificate-key").isInvalid()).isTrue();
        assertThat(area("certificate-key").getErrorMessage()).startsWith("missing");
        assertThat(area("certificate-chain").isInvalid()).isFalse();

        test(area("certificate-key")).setValue("PEM");
        click("certificate-save");
        assertThat(said()).contains("new.example.internal");
    }

    @Test
    void deletingAsksFirstBecauseTheKeyGoesToo() {
        signIn(Role.OPERATOR);
        open("certificates");

        click("delete-shop");
        assertThat(said()).contains("12 days left");
        test(find(ConfirmDialog.class).withId("delete-certificate-dialog").single())
                .confirm();

        assertThat(said()).doesNotContain("12 days left");
        assertThat(find(Button.class).withId("delete-www").single().isEnabled()).isFalse();
    }

    @Test
    void aCertificateIsReplacedUnderItsName() {
        signIn(Role.OPERATOR);
        open("certificates");
        click("replace-shop");
        test(area("certificate-chain")).setValue("PEM");
        test(area("certificate-key")).setValue("PEM");
        click("certificate-save");

        assertThat(said()).contains("90 days left").doesNotContain("12 days left");
    }
}
