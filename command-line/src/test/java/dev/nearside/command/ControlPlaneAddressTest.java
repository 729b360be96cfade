package dev.nearside.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which addresses of control planes are taken.
class ControlPlaneAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8070",
                "http://127.9.9.9",
                "http://localhost:8070",
                "http://[::1]:8070",
                "https://control.example:8070"
            })
    void isTaken(String said) {
        assertThat(ControlPlaneAddress.problem(URI.create(said), false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://control.example", "http://10.0.0.5:8070", "http://127.0.0.1.example", "http://[::2]:1"})
    void isInTheClear(String said) {
        assertThat(ControlPlaneAddress.problem(URI.create(said), false))
                .hasValueSatisfying(problem -> assertThat(problem)
                        .startsWith(said + " is on another machine (expected: https://…; or --allow-plain-http"));
        assertThat(ControlPlaneAddress.problem(URI.create(said), true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "ftp://127.0.0.1", "http:///path", "http:opaque", "a:b"})
    void isNone(String said) {
        assertThat(ControlPlaneAddress.problem(URI.create(said), true)).isPresent();
    }
}
