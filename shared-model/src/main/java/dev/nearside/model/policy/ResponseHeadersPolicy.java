package dev.nearside.model.policy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What viewers are told beyond what the origin said (CF§6): removed first, then added.
///
/// @param security the security headers, each already rendered
/// @param remove names, lower case
public record ResponseHeadersPolicy(
        PolicyId id,
        String name,
        Optional<Cors> cors,
        List<Header> security,
        List<Header> custom,
        Set<String> remove,
        Optional<ServerTiming> serverTiming) {

    /// Tells viewers how the edge came by an answer (CF§6.5).
    ///
    /// @param samplingRate percent of answers, 0 to 100 with four decimals
    public record ServerTiming(double samplingRate) {}

    /// A header with a fixed value.
    ///
    /// @param override whether it replaces the origin's header of that name or yields to it
    public record Header(String name, String value, boolean override) {}

    /// Answers to cross-origin requests (CF§6.1).
    ///
    /// @param override whether these replace the origin's CORS headers; otherwise any such header of the
    ///     origin keeps all of these away
    /// @param maxAgeSeconds how long a browser may keep a preflight answer
    public record Cors(
            List<String> allowOrigins,
            List<String> allowHeaders,
            List<String> allowMethods,
            boolean allowCredentials,
            List<String> exposeHeaders,
            OptionalLong maxAgeSeconds,
            boolean override) {
        public Cors {
            allowOrigins = List.copyOf(allowOrigins);
            allowHeaders = List.copyOf(allowHeaders);
            allowMethods = List.copyOf(allowMethods);
            exposeHeaders = List.copyOf(exposeHeaders);
        }
    }

    public ResponseHeadersPolicy {
        security = List.copyOf(security);
        custom = List.copyOf(custom);
        remove = Set.copyOf(remove);
    }
}
