package dev.nearside.model.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateNamesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # names of the certificate    | alias                 | covered
        www.example.com               | www.example.com       | true
        WWW.Example.com               | www.example.com       | true
        www.example.com               | example.com           | false
        *.example.com                 | www.example.com       | true
        *.example.com                 | a.www.example.com     | false
        *.example.com                 | example.com           | false
        *.example.com                 | *.example.com         | true
        *.example.com                 | *.www.example.com     | false
        www.example.com               | *.example.com         | false
        w*.example.com                | www.example.com       | false
        a.example b.example           | b.example             | true
        192.0.2.7                     | 192.0.2.7             | true
        *.0.2.7                       | 192.0.2.7             | false
        0:0:0:0:0:0:0:1               | [::1]                 | true
        2001:db8:0:0:0:0:0:7          | [2001:db8::7]         | true
        2001:db8:0:0:0:0:0:7          | [2001:0db8::0007]     | true
        2001:db8:0:0:0:0:0:7          | [2001:db8::8]         | false
        """)
    void coversWhatItWasMadeFor(String names, String alias, boolean covered) {
        var certificate = new CertificateNames(Arrays.asList(names.split(" ", -1)));

        assertThat(certificate.covers(new HostName(alias))).isEqualTo(covered);
    }
}
