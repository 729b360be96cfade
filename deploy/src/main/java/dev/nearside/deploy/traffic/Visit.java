package dev.nearside.deploy.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// One request that some viewer makes.
record Visit(String path, Map<String, String> fields) {

    Visit {
        fields = Map.copyOf(fields);
    }

    /// What viewers of the sample site do.
    ///
    /// It leaves `/untouched/` and `/static/quiet.svg` alone, for whoever wants to watch an object that nobody else
    /// asks for.
    static final class Habits {

        private static final int FILM_PIECE = 1_000_000;
        private static final int FILM_PIECES = 20;

        private static final List<String> PAGES = List.of(
                "/", "/prints.html", "/film.html", "/about.html", "/?from=letter", "/?from=search", "/robots.txt");
        private static final List<String> FILES = List.of(
                "/static/site.css",
                "/static/site.js",
                "/static/logo.svg",
                "/static/img/harbour.svg",
                "/static/img/forest.svg",
                "/static/img/dunes.svg",
                "/static/img/peaks.svg",
                "/static/img/city.svg",
                "/static/img/aurora.svg");
        private static final List<String> WORDS = List.of(
                "",
                "dusk",
                "forest",
                "winter",
                "lofoten",
                "noon",
                "harbour",
                "maine",
                "city",
                "midnight",
                "orkney",
                "peaks",
                "dunes",
                "aurora",
                "morning",
                "hokkaido",
                "algarve",
                "bretagne");
        private static final List<String> PEOPLE = List.of("Ada", "Bao", "Chidi", "Dora", "Emre", "Freya");
        private static final List<String> TROUBLE =
                List.of("/missing.html", "/fail?status=503", "/fail?status=500", "/slow?ms=400", "/static/gone.svg");

        private final Popularity<String> pages = new Popularity<>(PAGES, 1.0);
        private final Popularity<String> files = new Popularity<>(FILES, 0.8);
        private final Popularity<String> searches = new Popularity<>(searches(), 1.0);
        private final Popularity<String> people = new Popularity<>(PEOPLE, 0.7);
        private final Popularity<String> trouble = new Popularity<>(TROUBLE, 0.7);

        Visit next(RandomGenerator random) {
            var dice = random.nextInt(100);
            if (dice < 28) return page(random);
            if (dice < 68) return new Visit(files.choose(random), Map.of("Accept-Encoding", "gzip"));
            if (dice < 88) return new Visit(searches.choose(random), Map.of());
            if (dice < 95) return new Visit("/api/user/me", Map.of("Cookie", "session=" + people.choose(random)));
            if (dice < 98) return film(random);
            return new Visit(trouble.choose(random), Map.of());
        }

        private Visit page(RandomGenerator random) {
            return new Visit(pages.choose(random), Map.of("Accept-Encoding", "gzip"));
        }

        /// Viewers start at the beginning and few stay to the end.
        private static Visit film(RandomGenerator random) {
            var piece = Math.min(random.nextInt(FILM_PIECES), random.nextInt(FILM_PIECES));
            var first = (long) piece * FILM_PIECE;
            return new Visit(
                    "/static/video.bin", Map.of("Range", "bytes=%d-%d".formatted(first, first + FILM_PIECE - 1)));
        }

        private static List<String> searches() {
            var all = new ArrayList<String>();
            for (var page = 1; page <= 4; page++) {
                for (var word : WORDS) {
                    all.add("/api/public/products?q=" + word + "&page=" + page);
                }
            }
            return all;
        }
    }
}
