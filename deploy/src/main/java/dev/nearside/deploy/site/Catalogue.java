package dev.nearside.deploy.site;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The prints that the shop sells.
final class Catalogue {

    static final int PAGE_SIZE = 6;

    /// One print; public because it becomes JSON.
    public record Print(int id, String title, String place, String image, int euros) {}

    /// One page of a search; public because it becomes JSON.
    public record Page(String q, int page, int pages, int total, List<Print> products) {
        public Page {
            products = List.copyOf(products);
        }
    }

    private static final List<String> MOTIFS = List.of("harbour", "forest", "dunes", "peaks", "city", "aurora");
    private static final List<String> MOODS = List.of("Morning", "Noon", "Dusk", "Midnight", "Winter");
    private static final List<String> PLACES =
            List.of("Lofoten", "Bretagne", "Algarve", "Orkney", "Rügen", "Hokkaido", "Maine");

    private final List<Print> prints;

    Catalogue() {
        var all = new ArrayList<Print>();
        for (var mood : MOODS) {
            for (var motif : MOTIFS) {
                var id = all.size() + 1;
                var title = mood + ' ' + Character.toUpperCase(motif.charAt(0)) + motif.substring(1);
                all.add(new Print(
                        id, title, PLACES.get(id % PLACES.size()), "/static/img/" + motif + ".svg", 24 + id * 7 % 40));
            }
        }
        prints = List.copyOf(all);
    }

    /// Prints whose title or place contains the words; page numbers start at one and are pulled into range.
    Page search(String words, int page) {
        var wanted = words.strip().toLowerCase(Locale.ROOT);
        var found = prints.stream()
                .filter(print -> (print.title() + ' ' + print.place())
                        .toLowerCase(Locale.ROOT)
                        .contains(wanted))
                .toList();
        var pages = Math.max(1, (found.size() + PAGE_SIZE - 1) / PAGE_SIZE);
        var shown = Math.clamp(page, 1, pages);
        var first = (shown - 1) * PAGE_SIZE;
        return new Page(
                words.strip(),
                shown,
                pages,
                found.size(),
                found.subList(first, Math.min(found.size(), first + PAGE_SIZE)));
    }
}
