package dev.nearside.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatling.core.config.GatlingConfiguration;
import org.junit.jupiter.api.Test;

class QuietTest {

    @Test
    void gatlingReportsToNobody() {
        assertThat(GatlingConfiguration.load().data().enableAnalytics()).isFalse();
    }
}
