package dev.nearside.edge.route;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the edge can say of a viewer beside the request, in a header that a policy lists (CF§7).
///
/// The fingerprints of the TLS greeting (JA3, JA4) are not among them: the transport does not hand out the greeting.
public enum Fact {
    IS_ANDROID("CloudFront-Is-Android-Viewer", About.DEVICE),
    IS_DESKTOP("CloudFront-Is-Desktop-Viewer", About.DEVICE),
    IS_IOS("CloudFront-Is-IOS-Viewer", About.DEVICE),
    IS_MOBILE("CloudFront-Is-Mobile-Viewer", About.DEVICE),
    IS_SMART_TV("CloudFront-Is-SmartTV-Viewer", About.DEVICE),
    IS_TABLET("CloudFront-Is-Tablet-Viewer", About.DEVICE),
    ADDRESS("CloudFront-Viewer-Address", About.CONNECTION),
    ASN("CloudFront-Viewer-ASN", About.NETWORK),
    COUNTRY("CloudFront-Viewer-Country", About.PLACE),
    COUNTRY_NAME("CloudFront-Viewer-Country-Name", About.PLACE),
    REGION("CloudFront-Viewer-Country-Region", About.PLACE),
    REGION_NAME("CloudFront-Viewer-Country-Region-Name", About.PLACE),
    CITY("CloudFront-Viewer-City", About.PLACE),
    LATITUDE("CloudFront-Viewer-Latitude", About.PLACE),
    LONGITUDE("CloudFront-Viewer-Longitude", About.PLACE),
    METRO_CODE("CloudFront-Viewer-Metro-Code", About.PLACE),
    POSTAL_CODE("CloudFront-Viewer-Postal-Code", About.PLACE),
    TIME_ZONE("CloudFront-Viewer-Time-Zone", About.PLACE),
    HEADER_ORDER("CloudFront-Viewer-Header-Order", About.REQUEST),
    HEADER_COUNT("CloudFront-Viewer-Header-Count", About.REQUEST),
    TLS("CloudFront-Viewer-TLS", About.PROTOCOL),
    FORWARDED_PROTO("CloudFront-Forwarded-Proto", About.PROTOCOL),
    HTTP_VERSION("CloudFront-Viewer-Http-Version", About.PROTOCOL);

    /// What the names of all of them, and of no header of a viewer, begin with.
    public static final String PREFIX = "cloudfront-";

    private static final Map<String, Fact> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Fact::lowerCaseName, Function.identity()));

    /// What a fact is told by.
    public enum About {
        DEVICE,
        CONNECTION,
        NETWORK,
        PLACE,
        REQUEST,
        PROTOCOL
    }

    private final String header;
    private final String lowerCaseName;
    private final About about;

    Fact(String header, About about) {
        this.header = header;
        this.lowerCaseName = header.toLowerCase(Locale.ROOT);
        this.about = about;
    }

    /// The name of the header that holds it.
    public String header() {
        return header;
    }

    public String lowerCaseName() {
        return lowerCaseName;
    }

    public About about() {
        return about;
    }

    static Optional<Fact> of(String lowerCaseName) {
        return Optional.ofNullable(BY_NAME.get(lowerCaseName));
    }

    /// All that tell of these.
    static List<Fact> about(About... subjects) {
        var wanted = List.of(subjects);
        return Arrays.stream(values())
                .filter(fact -> wanted.contains(fact.about))
                .toList();
    }
}
