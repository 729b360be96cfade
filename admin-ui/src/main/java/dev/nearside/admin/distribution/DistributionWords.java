package dev.nearside.admin.distribution;

import dev.nearside.admin.component.StateLabel;
import dev.nearside.admin.component.Tone;
import dev.nearside.model.wire.DistributionDocument;
import dev.nearside.model.wire.api.Distributions;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a distribution's condition is said, in the list and on its own page.
final class DistributionWords {

    private DistributionWords() {}

    static StateLabel status(String status) {
        return switch (status) {
            case "Deployed" -> new StateLabel(Tone.GOOD, "deployed");
            case "InProgress" -> new StateLabel(Tone.BUSY, "in progress");
            case "Unpublished" -> new StateLabel(Tone.WARN, "unpublished");
            default -> new StateLabel(Tone.PLAIN, status);
        };
    }

    /// Without a certificate nobody can come by HTTPS.
    static StateLabel protocols(Distributions.Item item) {
        if (item.viewerProtocols().equals("http-only")) return new StateLabel(Tone.WARN, "HTTP only");
        return new StateLabel(item.warnings().isEmpty() ? Tone.GOOD : Tone.WARN, "HTTP and HTTPS");
    }

    static String count(@Nullable List<?> all) {
        return String.valueOf(all == null ? 0 : all.size());
    }

    /// The ordered ones and the default.
    static String behaviors(DistributionDocument distribution) {
        var ordered = distribution.cacheBehaviors();
        return String.valueOf((ordered == null ? 0 : ordered.size()) + 1);
    }

    static String or(@Nullable Object value, String otherwise) {
        return Objects.requireNonNullElse(value == null ? null : value.toString(), otherwise);
    }
}
