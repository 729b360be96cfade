package dev.nearside.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.policy.CachePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One row is one rule: what an operator writes, and all that they are told.
class DocumentRulesTest {

    private static final String BY_POLICY = ", \"cachePolicyId\": \"CachingOptimized\"";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # an origin's property                                      | every problem
            "responseCompletionTimeout": 30                             | ``
            "responseCompletionTimeout": 29                             | responseCompletionTimeout: 29 (expected: originReadTimeout, 30, or more)
            "originReadTimeout": 60, "responseCompletionTimeout": 59    | responseCompletionTimeout: 59 (expected: originReadTimeout, 60, or more)
            "originReadTimeout": 121, "responseCompletionTimeout": 200  | originReadTimeout: 121 (expected: 1 to 120)
            "connectionAttempts": 0                                     | connectionAttempts: 0 (expected: 1 to 3)
            "connectionTimeout": 11                                     | connectionTimeout: 11 (expected: 1 to 10)
            "originKeepaliveTimeout": 300                               | ``
            "originKeepaliveTimeout": 301                               | originKeepaliveTimeout: 301 (expected: 1 to 300)
            "healthCheck": {"path": "/up"}                              | ``
            "healthCheck": {}                                           | healthCheck.path: "" (expected: a path that begins with /)
            "healthCheck": {"path": "up"}                               | healthCheck.path: "up" (expected: a path that begins with /)
            "healthCheck": {"path": "/u p"}                             | healthCheck.path: "/u p" (expected: a path that begins with /)
            "healthCheck": {"path": "/", "interval": 0}                 | healthCheck.interval: 0 (expected: 1 to 300)
            "healthCheck": {"path": "/", "interval": 301}               | healthCheck.interval: 301 (expected: 1 to 300)
            "healthCheck": {"path": "/", "timeout": 61}                 | healthCheck.timeout: 61 (expected: 1 to 60)
            "healthCheck": {"path": "/", "unhealthyThreshold": 0}       | healthCheck.unhealthyThreshold: 0 (expected: 1 to 10)
            "healthCheck": {"path": "/", "healthyThreshold": 11}        | healthCheck.healthyThreshold: 11 (expected: 1 to 10)
            "originPath": "/v1"                                         | ``
            "originPath": "/v1/"                                        | originPath: "/v1/" (expected: nothing, or a path that begins with / and does not end with it)
            "originPath": "v1"                                          | originPath: "v1" (expected: nothing, or a path that begins with / and does not end with it)
            "customHeaders": [{"name": "Host", "value": "x"}]           | customHeaders[0].name: "Host" (expected: a header that may be set for an origin)
            """)
    void origins(String origin, String told) {
        assertThat(problems(distribution(", " + origin, BY_POLICY, ""), "origins[0]."))
                .isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # a group's property                                         | is instead                                        | every problem
            "id": "group"                                                | "id": "both"                                      | ``
            "id": "group"                                                | "id": "a"                                         | originGroups[0].id: "a" (expected: an id that no origin and no other group has)
            "id": "group"                                                | "id": " "                                         | originGroups[0].id: " " (expected: 1 to 128 characters)
            "statusCodes": [500, 503]                                    | "statusCodes": [400, 403, 404, 416, 429, 500, 502, 503, 504] | ``
            "statusCodes": [500, 503]                                    | "statusCodes": []                                 | originGroups[0].failoverCriteria.statusCodes: empty (expected: at least one status)
            "statusCodes": [500, 503]                                    | "statusCodes": [500, 501]                         | originGroups[0].failoverCriteria.statusCodes[1]: 501 (expected: 400, 403, 404, 416, 429, 500, 502, 503 or 504)
            "failoverCriteria": {"statusCodes": [500, 503]},             | ``                                                | originGroups[0].failoverCriteria.statusCodes: empty (expected: at least one status)
            [{"originId": "a"}, {"originId": "b"}]                       | [{"originId": "a"}]                               | originGroups[0].members: 1 members (expected: 2, the primary first)
            [{"originId": "a"}, {"originId": "b"}]                       | []                                                | originGroups[0].members: 0 members (expected: 2, the primary first)
            [{"originId": "a"}, {"originId": "b"}]                       | [{"originId": "a"}, {"originId": "a"}]            | originGroups[0].members[1].originId: "a" (expected: another origin)
            [{"originId": "a"}, {"originId": "b"}]                       | [{"originId": "a"}, {"originId": "group"}]        | originGroups[0].members[1].originId: "group" (expected: the id of one of the origins)
            [{"originId": "a"}, {"originId": "b"}]                       | [{"originId": "a"}, {}]                           | originGroups[0].members[1].originId: "" (expected: the id of one of the origins)
            """)
    void originGroups(String instead, String say, String told) {
        var group = """
                {"id": "group", "failoverCriteria": {"statusCodes": [500, 503]}, "members": [{"originId": "a"}, {"originId": "b"}]}""";
        assertThat(group).contains(instead);

        var document = distribution("", BY_POLICY, ", \"originGroups\": [" + group.replace(instead, say) + "]");

        assertThat(problems(document, "")).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # groups | every problem
            10       | ``
            11       | originGroups: 11 groups (expected: at most 10)
            """)
    void aDistributionHasTenGroups(int count, String told) {
        var groups = IntStream.range(0, count).mapToObj("""
                        {"id": "group%d", "failoverCriteria": {"statusCodes": [500]}, "members": [{"originId": "a"}, {"originId": "b"}]}"""::formatted).collect(Collectors.joining(","));

        assertThat(problems(distribution("", BY_POLICY, ", \"originGroups\": [" + groups + "]"), ""))
                .isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # what a behavior asks | every problem
            a                      | ``
            group                  | ``
            c                      | defaultCacheBehavior.targetOriginId: "c" (expected: the id of one of the origins or origin groups)
            """)
    void aBehaviorAsksAnOriginOrAGroup(String target, String told) {
        var group = """
                , "originGroups": [{"id": "group", "failoverCriteria": {"statusCodes": [500]}, "members": [{"originId": "a"}, {"originId": "b"}]}]""";
        var document = distribution("", BY_POLICY, group)
                .replace("\"targetOriginId\": \"a\"", "\"targetOriginId\": \"" + target + "\"");

        assertThat(problems(document, "")).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # error responses                                                          | every problem
            {"errorCode": 404}                                                         | ``
            {"errorCode": 404, "errorCachingMinTTL": 0}                                | ``
            {"errorCode": 404, "responsePagePath": "/404.html", "responseCode": 200}   | ``
            {"errorCode": 414, "responsePagePath": "/x.html", "responseCode": 501}     | ``
            {"errorCode": 404}, {"errorCode": 403}                                     | ``
            {"errorCode": 404}, {"errorCode": 404}                                     | [1].errorCode: 404 (expected: each status once)
            {}                                                                         | [0].errorCode: missing (expected: 400, 403, 404, 405, 414, 416, 500, 501, 502, 503 or 504)
            {"errorCode": 410}                                                         | [0].errorCode: 410 (expected: 400, 403, 404, 405, 414, 416, 500, 501, 502, 503 or 504)
            {"errorCode": 404, "responsePagePath": "/404.html"}                        | [0].responseCode: missing (expected: responsePagePath and responseCode, or neither)
            {"errorCode": 404, "responseCode": 200}                                    | [0].responsePagePath: missing (expected: responsePagePath and responseCode, or neither)
            {"errorCode": 404, "responsePagePath": "404.html", "responseCode": 200}    | [0].responsePagePath: "404.html" (expected: a path that begins with /, at most 4000 characters)
            {"errorCode": 404, "responsePagePath": "/404.html", "responseCode": 201}   | [0].responseCode: 201 (expected: 200, 400, 403, 404, 405, 414, 416, 500, 501, 502, 503 or 504)
            {"errorCode": 404, "errorCachingMinTTL": -1}                               | [0].errorCachingMinTTL: -1 (expected: 0 to 2147483647)
            """)
    void customErrorResponses(String errors, String told) {
        var document = distribution("", BY_POLICY, ", \"customErrorResponses\": [" + errors + "]");

        assertThat(problems(document, "customErrorResponses")).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # a restriction                                             | every problem
            {}                                                          | ``
            {"restrictionType": "none"}                                 | ``
            {"restrictionType": "whitelist", "items": ["DE", "AT"]}     | ``
            {"restrictionType": "blacklist", "items": ["XK"]}           | ``
            {"restrictionType": "whitelist"}                            | items: empty (expected: at least one country)
            {"restrictionType": "none", "items": ["DE"]}                | items: [DE] (expected: no countries beside "none")
            {"restrictionType": "blacklist", "items": ["de"]}           | items[0]: "de" (expected: an ISO 3166-1 code of two upper-case letters)
            {"restrictionType": "blacklist", "items": ["DE", "DEU"]}    | items[1]: "DEU" (expected: an ISO 3166-1 code of two upper-case letters)
            {"restrictionType": "only", "items": ["DE"]}                | restrictionType: "only" (expected: none, whitelist or blacklist)
            """)
    void geoRestrictions(String restriction, String told) {
        var document = distribution("", BY_POLICY, ", \"restrictions\": {\"geoRestriction\": " + restriction + "}");

        assertThat(problems(document, "restrictions.geoRestriction.")).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # cacheTagConfig             | refused
            {"headerName": "X-Tags"}     | false
            {"headerName": "x tags"}     | true
            {"headerName": ""}           | true
            {}                           | true
            null                         | false
            """)
    void tagsComeInAHeader(String config, boolean refused) {
        var document = distribution("", BY_POLICY, ", \"cacheTagConfig\": " + config);

        assertThat(problems(document, "cacheTagConfig.").isEmpty()).isNotEqualTo(refused);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # a behavior's properties                                                        | every problem
            "cachePolicyId": "CachingOptimized"                                              | ``
            "cachePolicyId": "CachingOptimized", "compress": true                            | ``
            "compress": true                                                                 | cachePolicyId: missing (expected: the id or name of a cache policy, or forwardedValues)
            "cachePolicyId": "CachingOptimized", "minTTL": 0                                 | minTTL: 0 (expected: no TTL beside a cache policy, which has its own)
            "cachePolicyId": "CachingOptimized", "maxTTL": 9                                 | maxTTL: 9 (expected: no TTL beside a cache policy, which has its own)
            "forwardedValues": {}                                                            | ``
            "forwardedValues": {}, "cachePolicyId": "CachingOptimized"                       | cachePolicyId: "CachingOptimized" (expected: no policy beside forwardedValues)
            "forwardedValues": {}, "originRequestPolicyId": "AllViewer"                      | originRequestPolicyId: "AllViewer" (expected: no policy beside forwardedValues)
            "forwardedValues": {}, "responseHeadersPolicyId": "SimpleCORS"                   | ``
            "forwardedValues": {}, "minTTL": 5, "defaultTTL": 5, "maxTTL": 5                 | ``
            "forwardedValues": {}, "minTTL": 5, "defaultTTL": 4                              | defaultTTL: 4 (expected: minTTL, 5, or more)
            "forwardedValues": {}, "defaultTTL": 5, "maxTTL": 4                              | maxTTL: 4 (expected: defaultTTL, 5, or more)
            "forwardedValues": {"queryString": true, "queryStringCacheKeys": ["a", "b"]}     | ``
            "forwardedValues": {"queryString": false, "queryStringCacheKeys": ["a"]}         | forwardedValues.queryStringCacheKeys: [a] (expected: none where queryString is false)
            "forwardedValues": {"queryString": true, "queryStringCacheKeys": ["a", "a"]}     | forwardedValues.queryStringCacheKeys[1]: "a" (expected: each name once)
            "forwardedValues": {"queryString": true, "queryStringCacheKeys": ["a b"]}        | forwardedValues.queryStringCacheKeys[0]: "a b" (expected: a name of visible ASCII characters)
            "forwardedValues": {"headers": ["Accept-Language", "Host"]}                      | ``
            "forwardedValues": {"headers": ["*"]}                                            | ``
            "forwardedValues": {"headers": ["*"]}, "minTTL": 1                               | minTTL: 1 (expected: 0 beside all headers, which switch caching off)
            "forwardedValues": {"headers": ["Host", "*"]}                                    | forwardedValues.headers[1]: "*" (expected: * alone)
            "forwardedValues": {"headers": ["Cookie"]}                                       | forwardedValues.headers[0]: "Cookie" (expected: a header that may be in the cache key)
            "forwardedValues": {"headers": ["Host", "host"]}                                 | forwardedValues.headers[1]: "host" (expected: each name once)
            "forwardedValues": {"cookies": {}}                                               | ``
            "forwardedValues": {"cookies": {"forward": "all"}}                               | ``
            "forwardedValues": {"cookies": {"forward": "whitelist", "whitelistedNames": ["a-*", "b?"]}} | ``
            "forwardedValues": {"cookies": {"forward": "whitelist"}}                         | forwardedValues.cookies.whitelistedNames: empty (expected: at least one name)
            "forwardedValues": {"cookies": {"forward": "all", "whitelistedNames": ["a"]}}    | forwardedValues.cookies.whitelistedNames: [a] (expected: no names beside "all")
            "forwardedValues": {"cookies": {"forward": "some"}}                              | forwardedValues.cookies.forward: "some" (expected: none, whitelist or all)
            """)
    void behaviors(String behavior, String told) {
        assertThat(problems(distribution("", ", " + behavior, ""), "defaultCacheBehavior."))
                .isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # names | of this length | of headers | of cookies                                         | of query parameters
            10      | 5              | ``         | ``                                                 | ``
            11      | 5              | :11 names (expected: at most 10) | :11 names (expected: at most 10) | :11 names (expected: at most 10)
            4       | 127            | ``         | ``                                                 | ``
            4       | 128            | ``         | :512 characters in all (expected: at most 508)     | ``
            1       | 129            | ``         | ``                                                 | [0]:129 characters (expected: at most 128)
            5       | 103            | ``         | :515 characters in all (expected: at most 507)     | :515 characters in all (expected: at most 512)
            """)
    void theLimitsOfForwardedValues(int count, int length, String ofHeaders, String ofCookies, String ofQueries) {
        var names = IntStream.range(0, count)
                .mapToObj(i -> "\"" + i + "n".repeat(length - String.valueOf(i).length()) + "\"")
                .collect(Collectors.joining(","));

        assertThat(told("\"headers\": [%s]", names)).isEqualTo(inPlace("headers", ofHeaders));
        assertThat(told("\"cookies\": {\"forward\": \"whitelist\", \"whitelistedNames\": [%s]}", names))
                .isEqualTo(inPlace("cookies.whitelistedNames", ofCookies));
        assertThat(told("\"queryString\": true, \"queryStringCacheKeys\": [%s]", names))
                .isEqualTo(inPlace("queryStringCacheKeys", ofQueries));
    }

    private static String told(String values, String names) {
        var behavior = ", \"forwardedValues\": {" + values.formatted(names) + "}";
        return problems(distribution("", behavior, ""), "defaultCacheBehavior.forwardedValues.");
    }

    private static String inPlace(String place, String told) {
        return told.isEmpty() ? "" : place + told.replaceFirst(":", ": ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # a timing                                     | every problem
            {"enabled": true, "samplingRate": 0}           | ``
            {"enabled": true, "samplingRate": 100}         | ``
            {"enabled": true, "samplingRate": 0.0001}      | ``
            {"enabled": true, "samplingRate": 33.3333}     | ``
            {"enabled": true, "samplingRate": 12.50000}    | ``
            {"enabled": true}                              | ``
            {"enabled": true, "samplingRate": 0.00001}     | samplingRate: 1.0E-5 (expected: 0 to 100 percent, with four decimals at most)
            {"enabled": true, "samplingRate": 33.33333}    | samplingRate: 33.33333 (expected: 0 to 100 percent, with four decimals at most)
            {"enabled": false, "samplingRate": 101}        | samplingRate: 101.0 (expected: 0 to 100 percent, with four decimals at most)
            {"enabled": true, "samplingRate": -0.1}        | samplingRate: -0.1 (expected: 0 to 100 percent, with four decimals at most)
            {"enabled": true, "samplingRate": 1e400}       | samplingRate: Infinity (expected: 0 to 100 percent, with four decimals at most)
            """)
    void serverTiming(String timing, String told) {
        var policy = "{\"name\": \"timed\", \"serverTimingHeadersConfig\": " + timing + "}";
        var read =
                Json.read(policy, ResponseHeadersPolicyDocument.class).then(ConfigurationReader::responseHeadersPolicy);

        assertThat(problems(read, "serverTimingHeadersConfig.")).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # switches of a custom policy                                                                   | overrides, heuristic, replays
            ``                                                                                              | false false false
            , "minTTLOverridesOrigin": true                                                                 | true false false
            , "heuristicFreshness": true                                                                    | false true false
            , "replaySetCookie": true                                                                       | false false true
            , "minTTLOverridesOrigin": false, "heuristicFreshness": false, "replaySetCookie": false         | false false false
            """)
    void reuse(String switches, String expected) {
        var policy = "{\"name\": \"own\", \"minTTL\": 1%s}".formatted(switches);
        var read = Json.read(policy, CachePolicyDocument.class).then(ConfigurationReader::cachePolicy);

        assertThat(
                        switch (read) {
                            case Checked.Valid<CachePolicy>(var value) ->
                                Stream.of(
                                                value.reuse().overridesOrigin(),
                                                value.reuse().heuristicFreshness(),
                                                value.reuse().replaysSetCookie())
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(" "));
                            case Checked.Invalid<CachePolicy>(var problems) -> problems.toString();
                        })
                .isEqualTo(expected);
    }

    private static String distribution(String origin, String behavior, String more) {
        return """
                {"name": "site", "aliases": ["localhost"],
                  "origins": [{"id": "a", "domainName": "a.test"%s}, {"id": "b", "domainName": "b.test"}],
                  "defaultCacheBehavior": {"targetOriginId": "a"%s}%s}
                """.formatted(origin, behavior, more);
    }

    /// All that is wrong with a distribution, seen from a place in it.
    private static String problems(String distribution, String place) {
        var read = Json.read(distribution, DistributionDocument.class)
                .then(document -> ConfigurationReader.distribution(document, ManagedPolicies.policies()));
        return problems(read, place);
    }

    private static String problems(Checked<?> read, String place) {
        List<String> told = new ArrayList<>();
        for (Problem problem : read.problems()) {
            var text = problem.toString();
            told.add(text.startsWith(place) ? text.substring(place.length()) : "elsewhere: " + text);
        }
        return String.join("; ", told);
    }
}
