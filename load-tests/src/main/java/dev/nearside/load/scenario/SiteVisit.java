package dev.nearside.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.percent;
import static io.gatling.javaapi.core.CoreDsl.randomSwitch;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// One visit to the sample site: a page with what it is made of, a search, now and then the film or one's own page.
///
/// It leaves `/static/quiet.svg` alone, which belongs to whoever watches a single object.
public final class SiteVisit {

    private static final int FILM_PIECE = 1_000_000;
    private static final Duration READING = Duration.ofMillis(300);

    private static final Popularity PAGES =
            new Popularity(List.of("/", "/prints.html", "/film.html", "/about.html", "/?from=letter"), 1.0);
    private static final Popularity FILES = new Popularity(
            List.of(
                    "/static/site.css",
                    "/static/site.js",
                    "/static/logo.svg",
                    "/static/img/harbour.svg",
                    "/static/img/forest.svg",
                    "/static/img/dunes.svg",
                    "/static/img/peaks.svg",
                    "/static/img/city.svg",
                    "/static/img/aurora.svg"),
            0.8);
    private static final Popularity SEARCHES = new Popularity(searches(), 1.0);
    private static final Popularity PEOPLE = new Popularity(List.of("Ada", "Bao", "Chidi", "Dora", "Emre"), 0.7);

    private final Random random;
    private final HitCount counted;

    public SiteVisit(Random random, HitCount counted) {
        this.random = random;
        this.counted = counted;
    }

    public ScenarioBuilder asScenario() {
        return scenario("site visit")
                .exec(page(), repeat(4).on(file()))
                .pause(READING)
                .exec(repeat(2).on(search()))
                .randomSwitch()
                .on(
                        percent(15.0).then(me()),
                        percent(10.0).then(film()),
                        percent(2.0).then(trouble()));
    }

    private ChainBuilder page() {
        return asked("page", PAGES);
    }

    private ChainBuilder file() {
        return asked("file", FILES);
    }

    private ChainBuilder search() {
        return asked("search", SEARCHES);
    }

    private ChainBuilder me() {
        return noting(exec(http("own page")
                .get("/api/user/me")
                .header("Cookie", _ -> "session=" + PEOPLE.choose(random))
                .check(status().is(200), header("X-Cache").saveAs("x-cache"))));
    }

    private ChainBuilder film() {
        return repeat(3, "piece")
                .on(noting(exec(http("film")
                        .get("/static/video.bin")
                        .header("Range", session -> {
                            var first = session.getInt("piece") * FILM_PIECE;
                            return "bytes=%d-%d".formatted(first, first + FILM_PIECE - 1);
                        })
                        .check(status().is(206), header("X-Cache").saveAs("x-cache")))));
    }

    /// What fails at the origin must fail in the same way here, and quickly.
    private static ChainBuilder trouble() {
        return randomSwitch()
                .on(
                        percent(50.0)
                                .then(exec(http("missing page")
                                        .get("/missing.html")
                                        .check(status().is(404)))),
                        percent(50.0)
                                .then(exec(http("failing page")
                                        .get("/fail?status=503")
                                        .check(status().is(503)))));
    }

    private ChainBuilder asked(String name, Popularity popularity) {
        return noting(exec(http(name)
                .get(_ -> popularity.choose(random))
                .check(status().is(200), header("X-Cache").saveAs("x-cache"))));
    }

    private ChainBuilder noting(ChainBuilder request) {
        return request.exec(session -> {
            var xCache = session.getString("x-cache");
            if (xCache != null) counted.note(xCache);
            return session.remove("x-cache");
        });
    }

    private static List<String> searches() {
        var all = new ArrayList<String>();
        for (var page = 1; page <= 4; page++) {
            for (var word : List.of("", "dusk", "forest", "winter", "noon", "harbour", "city", "midnight", "peaks")) {
                all.add("/api/public/products?q=" + word + "&page=" + page);
            }
        }
        return all;
    }
}
