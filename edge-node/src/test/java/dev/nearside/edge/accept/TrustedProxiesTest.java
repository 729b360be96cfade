package dev.nearside.edge.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {

    private static final TrustedProxies TRUSTED = new TrustedProxies(List.of(
            TrustedProxies.Block.parse("10.0.0.0/8").orElseThrow(),
            TrustedProxies.Block.parse("fd00::/8").orElseThrow()));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # peer       | X-Forwarded-For                     | viewer          | the origin is told
        203.0.113.9  | 192.0.2.1                           | 203.0.113.9     | 203.0.113.9
        203.0.113.9  | 10.0.0.1                            | 203.0.113.9     | 203.0.113.9
        10.0.0.1     | 192.0.2.1                           | 192.0.2.1       | 192.0.2.1, 10.0.0.1
        10.0.0.1     | 198.51.100.5, 192.0.2.1             | 192.0.2.1       | 198.51.100.5, 192.0.2.1, 10.0.0.1
        10.0.0.1     | 198.51.100.5, 10.9.9.9, 192.0.2.1   | 192.0.2.1       | 198.51.100.5, 10.9.9.9, 192.0.2.1, 10.0.0.1
        10.0.0.1     | 192.0.2.1, 10.0.0.2                 | 192.0.2.1       | 192.0.2.1, 10.0.0.2, 10.0.0.1
        10.0.0.1     | 192.0.2.1:4711                      | 192.0.2.1       | 192.0.2.1:4711, 10.0.0.1
        10.0.0.1     | "[2001:db8::1]:4711"                | 2001:db8:0:0:0:0:0:1 | "[2001:db8::1]:4711", 10.0.0.1
        fd00::1      | 2001:db8::1                         | 2001:db8:0:0:0:0:0:1 | 2001:db8::1, fd00::1
        10.0.0.1     | 10.0.0.3, 10.0.0.2                  | 10.0.0.3        | 10.0.0.3, 10.0.0.2, 10.0.0.1
        10.0.0.1     | 192.0.2.1, unknown                  | 10.0.0.1        | 192.0.2.1, unknown, 10.0.0.1
        10.0.0.1     | 192.0.2.1, localhost, 10.0.0.2      | 10.0.0.2        | 192.0.2.1, localhost, 10.0.0.2, 10.0.0.1
        10.0.0.1     | -                                   | 10.0.0.1        | 10.0.0.1
        11.0.0.1     | 192.0.2.1                           | 11.0.0.1        | 11.0.0.1
        ::ffff:10.0.0.1 | 192.0.2.1                        | 192.0.2.1       | 192.0.2.1, ::ffff:10.0.0.1
        """, quoteCharacter = '`')
    void theViewerIsTheLastOneThatATrustedProxySpeaksOf(String peer, String chain, String viewer, String told) {
        var said = chain.replace("\"", "");
        var headers = said.equals("-") ? Headers.EMPTY : Headers.of("X-Forwarded-For", said);

        var found = TRUSTED.viewer(peer, 4711, headers);

        assertThat(found.address()).isEqualTo(viewer);
        assertThat(found.headers().first("X-Forwarded-For").orElse(found.address()))
                .isEqualTo(told.replace("\"", ""));
        assertThat(found.port()).isEqualTo(viewer.equals(peer) ? 4711 : 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # peer      | X-Forwarded-Proto | believed
        10.0.0.1    | https             | https
        10.0.0.1    | HTTP              | http
        10.0.0.1    | https, http       | http
        10.0.0.1    | gopher            | -
        203.0.113.9 | https             | -
        """)
    void onlyATrustedProxySaysWhichSchemeTheViewerUsed(String peer, String said, String believed) {
        assertThat(TRUSTED.viewer(peer, 1, Headers.of("X-Forwarded-Proto", said))
                        .scheme())
                .isEqualTo(Optional.ofNullable(believed));
    }

    @Test
    void severalLinesAreOneChain() {
        var headers = Headers.of("X-Forwarded-For", "192.0.2.1", "X-Forwarded-For", "10.0.0.2");

        var found = TRUSTED.viewer("10.0.0.1", 1, headers);

        assertThat(found.address()).isEqualTo("192.0.2.1");
        assertThat(found.headers().all("X-Forwarded-For")).containsExactly("192.0.2.1, 10.0.0.2, 10.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        10.0.0.0/8   | true
        10.0.0.1     | true
        fd00::/8     | true
        0.0.0.0/0    | true
        10.0.0.0/33  | false
        10.0.0.0/-1  | false
        10.0.0.0/x   | false
        proxy.local  | false
        10.0.0.0/    | false
        """)
    void aBlockIsAnAddressAndABitCount(String text, boolean read) {
        assertThat(TrustedProxies.Block.parse(text).isPresent()).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        10.0.0.0/9   | 10.127.255.255 | true
        10.0.0.0/9   | 10.128.0.0     | false
        10.1.2.3     | 10.1.2.3       | true
        10.1.2.3     | 10.1.2.2       | false
        0.0.0.0/0    | 203.0.113.9    | true
        0.0.0.0/0    | 2001:db8::1    | false
        fd00::/7     | fc01::1        | true
        """)
    void aBlockHoldsWhatBeginsWithItsBits(String block, String address, boolean holds) throws Exception {
        assertThat(TrustedProxies.Block.parse(block).orElseThrow().holds(InetAddress.ofLiteral(address)))
                .isEqualTo(holds);
    }
}
