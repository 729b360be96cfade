package dev.nearside.control;

import static dev.nearside.control.RunningControlPlane.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.wire.api.Session;
import dev.nearside.model.wire.api.TokenCreated;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whoever has a password may give themselves another.
class PasswordTest {
    private static final String WANTED = "a horse of another colour";

    private static String login(String password) {
        return "{\"username\": \"admin\", \"password\": \"%s\"}".formatted(password);
    }

    private static String change(String present) {
        return "{\"password\": \"%s\", \"newPassword\": \"%s\"}".formatted(present, WANTED);
    }

    @Test
    void theNewOneIsGoodAndOtherSessionsEnd(@TempDir Path data) throws Exception {
        try (var api = new RunningControlPlane(data)) {
            var first = Files.readString(data.resolve(ControlPlane.FIRST_PASSWORD_FILE))
                    .strip();
            var other = body(api.post("", "/api/v1/login", login(first)), Session.class)
                    .token();
            var script = body(
                            api.post(api.admin(), "/api/v1/tokens", "{\"name\": \"script\", \"role\": \"admin\"}"),
                            TokenCreated.class)
                    .token();

            assertThat(api.post(api.admin(), "/api/v1/password", change("guessed"))
                            .body())
                    .contains("the present one");
            assertThat(api.post(script, "/api/v1/password", change(first)).statusCode())
                    .isEqualTo(403);
            assertThat(api.get(other, "/api/v1/me").statusCode()).isEqualTo(200);

            assertThat(api.post(api.admin(), "/api/v1/password", change(first)).statusCode())
                    .isEqualTo(204);

            assertThat(api.get(api.admin(), "/api/v1/me").statusCode()).isEqualTo(200);
            assertThat(api.get(script, "/api/v1/me").statusCode()).isEqualTo(200);
            assertThat(api.get(other, "/api/v1/me").statusCode()).isEqualTo(401);
            assertThat(api.post("", "/api/v1/login", login(first)).statusCode()).isEqualTo(401);
            assertThat(api.post("", "/api/v1/login", login(WANTED)).statusCode())
                    .isEqualTo(200);
            assertThat(api.get(api.admin(), "/api/v1/audit").body())
                    .contains("change password")
                    .doesNotContain(WANTED);
        }
    }
}
