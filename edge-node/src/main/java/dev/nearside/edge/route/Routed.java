package dev.nearside.edge.route;

import dev.nearside.edge.http.PathForms;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.model.behavior.Behavior;
import dev.nearside.model.distribution.Distribution;
import dev.nearside.model.origin.Origin;
import dev.nearside.model.policy.CachePolicy;
import dev.nearside.model.policy.OriginRequestPolicy;
import dev.nearside.model.policy.ResponseHeadersPolicy;
import java.util.Optional;
import java.util.Set;

/// Where a request goes.
public sealed interface Routed {

    /// A behavior answers it.
    ///
    /// @param request for the default root object, if `/` was asked for and there is one
    /// @param origin that is asked first
    /// @param failover which other one may be asked after it
    /// @param path of that request; ambiguous too if it would match another behavior were it cut at `%3F` or `%23`
    record Route(
            Distribution distribution,
            Behavior behavior,
            CachePolicy cachePolicy,
            Optional<OriginRequestPolicy> originRequestPolicy,
            Optional<ResponseHeadersPolicy> responseHeadersPolicy,
            Origin origin,
            Optional<Failover> failover,
            ViewerRequest request,
            PathForms path,
            Selectors selectors)
            implements Routed {

        /// Whether the behavior caches answers to this request's method (CF§3.5); a body is in no key.
        public boolean cachesMethod() {
            return request.isGetOrHead() || (request.is("OPTIONS") && behavior.cachesOptions() && !request.hasBody());
        }

        /// The same route, of the request with more said about its viewer.
        public Route withRequest(ViewerRequest other) {
            return new Route(
                    distribution,
                    behavior,
                    cachePolicy,
                    originRequestPolicy,
                    responseHeadersPolicy,
                    origin,
                    failover,
                    other,
                    path,
                    selectors);
        }

        /// The same route, to another origin, which has no other one after it.
        public Route to(Origin other) {
            return new Route(
                    distribution,
                    behavior,
                    cachePolicy,
                    originRequestPolicy,
                    responseHeadersPolicy,
                    other,
                    Optional.empty(),
                    request,
                    path,
                    selectors);
        }
    }

    /// The second member of an origin group (CF§1.4).
    ///
    /// @param statuses of the first one that lead to it; 503 stands for a failed connection too, 504 for a timeout
    record Failover(Origin secondary, Set<Integer> statuses) {
        public Failover {
            statuses = Set.copyOf(statuses);
        }
    }

    /// Nobody answers it.
    record Refused(Why why) implements Routed {
        public int status() {
            return why.status;
        }
    }

    /// The viewer is sent to HTTPS (CF§1.5).
    record Redirected(int status, String location) implements Routed {}

    /// Written to the access log as is; operators grep for these words.
    enum Why {
        URL_TOO_LONG(414),
        BAD_PATH(400),
        UNKNOWN_HOST(403),
        DISTRIBUTION_DISABLED(403),
        GEO_BLOCKED(403),
        HTTPS_ONLY(403),
        METHOD_NOT_ALLOWED(403),
        BODY_NOT_ALLOWED(403);

        private final int status;

        Why(int status) {
            this.status = status;
        }
    }
}
