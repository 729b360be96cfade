package dev.nearside.load.simulation;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.nearside.load.profile.Arrivals;
import dev.nearside.load.scenario.ApiClient;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.Random;

/// Does a control plane answer everybody, and in time, while others read, save, publish and invalidate?
public final class ApiTraffic extends Simulation {

    private static final long SEED = 1;

    public ApiTraffic() {
        var url = System.getProperty("nearside.url", "http://127.0.0.1:8070");
        var token = System.getenv("NEARSIDE_TOKEN");
        if (token == null) {
            throw new IllegalArgumentException("NEARSIDE_TOKEN: missing (expected: a token of an operator)");
        }
        var arrivals = new Arrivals(
                Double.parseDouble(System.getProperty("nearside.users", "10")),
                Duration.ofSeconds(Long.getLong("nearside.seconds", 30)));
        var client = new ApiClient(new Random(SEED));

        setUp(client.preparing()
                        .injectOpen(atOnceUsers(1))
                        .andThen(client.asScenario().injectOpen(arrivals.steps().toArray(OpenInjectionStep[]::new))))
                .protocols(http.baseUrl(url)
                        .authorizationHeader("Bearer " + token)
                        .acceptHeader("application/json")
                        .shareConnections())
                // Every answer is checked where it is asked for: a 5xx is a failure, and so is a refusal that nobody
                // else's writing explains.
                .assertions(
                        global().failedRequests().count().is(0L),
                        global().responseTime().percentile(99.0).lt(1_000));
    }
}
