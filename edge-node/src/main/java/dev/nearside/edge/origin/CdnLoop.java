package dev.nearside.edge.origin;

import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.model.distribution.DistributionId;
import java.util.Optional;

/// Which distributions a request came through (RFC 8586), so that one that points at itself is found out.
public final class CdnLoop {

    public static final String NAME = "CDN-Loop";

    /// Distributions of ours that may stand one behind the other (CF§1.2).
    private static final int LONGEST_CHAIN = 2;

    private CdnLoop() {}

    /// Whether the request was here before, or came through too many distributions.
    public static boolean isLoop(ViewerRequest request, DistributionId distribution) {
        var said = request.headers().joined(NAME);
        if (said.isEmpty()) return false;
        int ours = 0;
        for (var entry : said.get().split(",", -1)) {
            var text = entry.strip();
            if (text.equals(entry(distribution))) return true;
            if (text.startsWith("nearside") && (text.length() == 8 || " ;\t".indexOf(text.charAt(8)) >= 0)) ours++;
        }
        return ours >= LONGEST_CHAIN;
    }

    /// What the origin gets: all that was there, and this distribution.
    static String appended(Optional<String> said, DistributionId distribution) {
        return said.filter(text -> !text.isBlank())
                .map(text -> text + ", " + entry(distribution))
                .orElseGet(() -> entry(distribution));
    }

    private static String entry(DistributionId distribution) {
        return "nearside; distribution=\"" + distribution.value() + "\"";
    }
}
