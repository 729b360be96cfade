package dev.nearside.load.trace;

import java.util.List;

/// The synthetic traces that policies are judged by. `docs/replay.md` shows their parameters.
public final class Traces {

    private static final Sizes PAGES = Sizes.around(20_000, 1.5);
    private static final Sizes EVEN = Sizes.around(16_000, 0);
    private static final Sizes VIDEO = Sizes.around(20_000_000, 0.7);

    private Traces() {}

    /// Each with its parameters, to be generated when it is needed.
    ///
    /// @param requests in each trace; the catalogue has a tenth as many objects
    public static List<Synthetic> all(int requests) {
        int objects = requests / 10;
        return List.of(
                plain("zipf-0.6", requests, 0.6, PAGES),
                plain("zipf-0.8", requests, 0.8, PAGES),
                plain("zipf-1.0", requests, 1.0, PAGES),
                plain("zipf-1.2", requests, 1.2, PAGES),
                plain("even-sizes", requests, 0.9, EVEN),
                plain("small-are-popular", requests, 0.9, PAGES.withSlope(0.3)),
                plain("large-are-popular", requests, 0.9, PAGES.withSlope(-0.3)),
                plain("churn", requests, 0.9, PAGES).withChurn(3),
                plain("recency", requests, 0.8, PAGES).withRecent(0.5).withChurn(1),
                plain("recency-even", requests, 0.8, EVEN).withRecent(0.7).withChurn(4),
                plain("one-hit-wonders", requests, 0.9, PAGES).withOnce(0.4),
                plain("scans", requests, 0.9, PAGES).withScans(0.3, objects / 2),
                plain("scans-even", requests, 0.9, EVEN).withScans(0.3, objects / 2),
                plain("large-mix", requests, 0.9, PAGES).withLarge(0.01, VIDEO),
                plain("flood", requests, 0.9, PAGES).withFlood(0.5),
                plain("cdn", requests, 0.85, Sizes.around(20_000, 2))
                        .withChurn(1)
                        .withRecent(0.15)
                        .withOnce(0.25)
                        .withScans(0.05, objects / 4)
                        .withLarge(0.002, VIDEO));
    }

    private static Synthetic plain(String name, int requests, double skew, Sizes sizes) {
        return Synthetic.catalogue(name, requests, requests / 10, skew, sizes);
    }
}
