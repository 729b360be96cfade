package dev.nearside.model.origin;

import java.util.List;
import java.util.Optional;

/// Whom the edge asks for what it does not have (CF§1.3).
///
/// @param domainName host name or IP literal, lower case
/// @param path put in front of each request's path; empty, or begins with a slash and does not end with one
/// @param healthCheck empty if the edge learns of its health from viewers' requests alone
/// @param customHeaders sent with each request, in place of a viewer's header of that name
public record Origin(
        OriginId id,
        String domainName,
        String path,
        List<Header> customHeaders,
        OriginProtocolPolicy protocolPolicy,
        int httpPort,
        int httpsPort,
        Timeouts timeouts,
        Optional<HealthCheck> healthCheck) {

    /// A header that an operator gave a fixed value.
    public record Header(String name, String value) {}

    public Origin {
        customHeaders = List.copyOf(customHeaders);
    }
}
