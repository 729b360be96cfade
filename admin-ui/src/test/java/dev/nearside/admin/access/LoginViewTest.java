package dev.nearside.admin.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.textfield.PasswordField;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.server.VaadinSession;
import dev.nearside.admin.ViewTest;
import dev.nearside.admin.control.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginViewTest extends ViewTest {

    private void signInAs(String username, String password) {
        open("login");
        test(find(TextField.class).withId("login-username").single()).setValue(username);
        test(find(PasswordField.class).withId("login-password").single()).setValue(password);
        test(find(Button.class).withId("login-button").single()).click();
    }

    @Test
    void theRightPasswordOpensTheSession() {
        signInAs("operator", "secret");

        assertThat(VaadinSession.getCurrent().getAttribute(SignedIn.class).role())
                .isEqualTo(Role.OPERATOR);
    }

    @Test
    void aWrongPasswordSaysSoAndForgetsWhatWasTyped() {
        signInAs("operator", "guess");

        assertThat(said()).contains("do not match");
        assertThat(find(PasswordField.class).withId("login-password").single().getValue())
                .isEmpty();
        assertThat(SignedIn.find()).isEmpty();
    }

    @Test
    void anApiTokenOpensTheSessionInItsRoleAndIsNotEndedBySigningOut() {
        signInAs("", "token-of-viewer");

        assertThat(VaadinSession.getCurrent().getAttribute(SignedIn.class))
                .isEqualTo(new SignedIn("dashboards", Role.VIEWER, "token-of-viewer", true));
    }

    @Test
    void aTokenThatNobodyKnowsIsRefused() {
        signInAs("", "gu\u00e4ss");

        assertThat(said()).contains("no valid API token");
        assertThat(SignedIn.find()).isEmpty();
    }

    @Test
    void anAbsentControlPlaneIsNotAWrongPassword() {
        controlPlane().isAway = true;

        signInAs("operator", "secret");

        assertThat(said()).contains("cannot be reached").doesNotContain("do not match");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # where to go next          | ours
        distributions/E1?tab=json   | true
        ?range=15m                  | true
        ''                          | false
        login                       | false
        /\\evil.example              | false
        //evil.example              | false
        https://evil.example        | false
        a//evil.example             | false
        """)
    void signingInNeverLeadsElsewhere(String next, boolean ours) {
        assertThat(LoginView.isOurs(next)).isEqualTo(ours);
    }
}
