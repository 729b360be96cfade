package dev.nearside.load.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.load.compare.Row.Mixed;
import dev.nearside.load.compare.Row.One;
import dev.nearside.load.compare.Row.Transport;
import org.junit.jupiter.api.Test;

class RowTest {

    @Test
    void coversEverySizeAtEveryNumberOfConnectionsAndTls() {
        assertThat(Row.all().stream().map(Row::name))
                .containsExactly(
                        "1k-1",
                        "1k-32",
                        "1k-256",
                        "16k-1",
                        "16k-32",
                        "16k-256",
                        "64k-1",
                        "64k-32",
                        "64k-256",
                        "1m-1",
                        "1m-32",
                        "1m-256",
                        "mixed-1",
                        "mixed-32",
                        "mixed-256",
                        "tls-1k-32",
                        "tls-64k-32",
                        "tls-1m-32",
                        "h2-1k-32",
                        "h2-64k-32");
    }

    @Test
    void isChosenByItsNameOrWhatItBeginsWith() {
        var row = new Row(new One(64 * 1024), Transport.HTTP_2, 32);

        assertThat(row.isMeantBy("h2-64k-32")).isTrue();
        assertThat(row.isMeantBy("h2-64k")).isTrue();
        assertThat(row.isMeantBy("h2")).isTrue();
        assertThat(row.isMeantBy("h2-6")).isFalse();
        assertThat(row.isMeantBy("64k")).isFalse();
    }

    @Test
    void tellsReadersWhatIsAskedFor() {
        assertThat(new Row(new One(1024 * 1024), Transport.HTTPS, 32).title())
                .isEqualTo("1 MiB, HTTPS, 32 connections");
        assertThat(new Row(new Mixed(), Transport.HTTP, 1).title()).isEqualTo("mixed, 1 connection");
    }
}
