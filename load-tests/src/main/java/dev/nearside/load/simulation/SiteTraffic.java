package dev.nearside.load.simulation;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import dev.nearside.load.profile.Arrivals;
import dev.nearside.load.scenario.HitCount;
import dev.nearside.load.scenario.SiteVisit;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.Random;

/// Does an edge keep an ordinary site's traffic away from its origin, without failing anybody?
public final class SiteTraffic extends Simulation {

    private static final long SEED = 1;
    private static final int LEAST_HIT_RATIO = 70;

    /// The verdict is a request of its own, so that the report shows it and the run fails with it.
    private static final String VERDICT = "hit ratio of at least " + LEAST_HIT_RATIO + " %";

    public SiteTraffic() {
        var url = System.getProperty("nearside.url", "http://127.0.0.1:8081");
        var arrivals = new Arrivals(
                Double.parseDouble(System.getProperty("nearside.users", "20")),
                Duration.ofSeconds(Long.getLong("nearside.seconds", 30)));
        var counted = new HitCount();
        var visits = new SiteVisit(new Random(SEED), counted).asScenario();
        var verdict = scenario("verdict")
                .exec(http(VERDICT)
                        .get("/")
                        .check(status().transform(_ -> (int) counted.ratio())
                                .gte(LEAST_HIT_RATIO)
                                .name("hit ratio in percent")));

        setUp(visits.injectOpen(arrivals.steps().toArray(io.gatling.javaapi.core.OpenInjectionStep[]::new))
                        .andThen(verdict.injectOpen(atOnceUsers(1))))
                .protocols(http.baseUrl(url).acceptEncodingHeader("gzip").shareConnections())
                .assertions(
                        global().failedRequests().percent().lt(0.1),
                        global().responseTime().percentile(99.0).lt(1_000),
                        details(VERDICT).failedRequests().count().is(0L));
    }
}
