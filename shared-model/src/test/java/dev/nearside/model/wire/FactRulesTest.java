package dev.nearside.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which `CloudFront-*` headers may be listed where (CF§2.4, §7).
class FactRulesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # header                              | in a key | to an origin
            CloudFront-Is-Mobile-Viewer           | true     | true
            cloudfront-is-smarttv-viewer          | true     | true
            CloudFront-Viewer-Country             | true     | true
            CloudFront-Viewer-Country-Region-Name | true     | true
            CloudFront-Viewer-Time-Zone           | true     | true
            CloudFront-Forwarded-Proto            | true     | true
            CloudFront-Viewer-Http-Version        | true     | true
            CloudFront-Viewer-Address             | false    | true
            CloudFront-Viewer-ASN                 | false    | true
            CloudFront-Viewer-TLS                 | false    | true
            CloudFront-Viewer-JA3-Fingerprint     | false    | true
            CloudFront-Viewer-JA4-Fingerprint     | false    | true
            CloudFront-Error-Uri                  | true     | true
            CloudFront-Viewer-Contry              | false    | false
            CloudFront-                           | false    | false
            CloudFrontal                          | true     | true
            """)
    void aFactMayBeListed(String header, boolean inKey, boolean toOrigin) {
        assertThat(isValid("""
                        {"name": "p", "minTTL": 0, "headersConfig": {"headerBehavior": "whitelist", "headers": ["%s"]}}
                        """, header, true)).isEqualTo(inKey);
        assertThat(isValid("""
                        {"name": "p", "headersConfig": {"headerBehavior": "whitelist", "headers": ["%s"]}}
                        """, header, false)).isEqualTo(toOrigin);
        assertThat(isValid("""
                        {"name": "p",
                         "headersConfig": {"headerBehavior": "allViewerAndWhitelistCloudFront", "headers": ["%s"]}}
                        """, header, false)).isEqualTo(toOrigin && header.contains("-"));
    }

    private static boolean isValid(String policy, String header, boolean cache) {
        var written = policy.formatted(header);
        return cache
                ? Json.read(written, CachePolicyDocument.class)
                        .then(ConfigurationReader::cachePolicy)
                        .problems()
                        .isEmpty()
                : Json.read(written, OriginRequestPolicyDocument.class)
                        .then(ConfigurationReader::originRequestPolicy)
                        .problems()
                        .isEmpty();
    }
}
