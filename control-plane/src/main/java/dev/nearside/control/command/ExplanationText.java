package dev.nearside.control.command;

import dev.nearside.control.http.PlainText;
import dev.nearside.model.wire.api.Explanation;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An explanation as people read it in a terminal: the sentence first, then what it rests on.
final class ExplanationText {

    private static final String HIDDEN_OR_ABSENT = "-";

    private final StringBuilder text = new StringBuilder();

    private ExplanationText() {}

    static String of(Explanation explanation) {
        var printed = new ExplanationText();
        printed.verdict(explanation);
        if (explanation.match() != null) printed.match(explanation.match());
        if (explanation.key() != null) printed.key(explanation.key());
        if (explanation.stored() != null) printed.stored(explanation.stored());
        if (explanation.toOrigin() != null) printed.toOrigin(explanation.toOrigin());
        return printed.text.toString();
    }

    private void verdict(Explanation explanation) {
        line("%s (%s)".formatted(explanation.outcome().toUpperCase(Locale.ROOT), explanation.why()));
        line(explanation.sentence());
        var refusal = explanation.refusal();
        if (refusal != null) {
            var location = refusal.location();
            line("Status %d%s".formatted(refusal.status(), location == null ? "" : ", Location: " + location));
        }
        line("Told by %s at %s, snapshot %d."
                .formatted(explanation.edge(), explanation.at(), explanation.snapshotVersion()));
    }

    private void match(Explanation.Match match) {
        heading("Behavior");
        row("distribution", match.distribution(), match.distributionId());
        for (var tried : match.tried())
            row(tried.matches() ? "* matches" : "  tried", tried.pattern(), tried.because());
        if (match.ambiguous()) row("ambiguous", match.path(), "an origin may read another path, so nothing is stored");
        row("cache policy", match.cachePolicy(), "");
        optional("origin request policy", match.originRequestPolicy());
        optional("response headers policy", match.responseHeadersPolicy());
    }

    private void key(Explanation.Key key) {
        heading("Key " + key.digest());
        for (var part : key.parts()) {
            var name = part.name();
            row(name == null ? part.part() : part.part() + " " + name, or(part.value()), part.because());
        }
    }

    private void stored(Explanation.StoredObject stored) {
        heading("Stored");
        row("status", String.valueOf(stored.status()), "received " + stored.receivedAt());
        for (var header : stored.headers()) row("header", header.name() + ": " + header.value(), "");
        row("age", seconds(stored.age()), "the sum of");
        steps(stored.ageSteps());
        row("lifetime", seconds(stored.lifetime()), stored.fresh() ? "fresh" : "ended");
        steps(stored.lifetimeSteps());
        for (var window : stored.windows()) {
            var length = window.seconds();
            row(
                    window.open() ? "* may be served" : "  not served",
                    window.name() + (length == null ? "" : " for " + seconds(length)),
                    window.because());
        }
        optional("not storable any more", stored.notStorable());
        row(
                "log position",
                stored.epoch().isEmpty() ? "-" : "%s/%d".formatted(stored.epoch(), stored.position()),
                stored.proven() ? "no invalidation of it was missed" : "an invalidation of it may have been missed");
        for (var tag : stored.tags()) row("tag", tag, "its origin gave it; an invalidation of #" + tag + " reaches it");
    }

    private void steps(List<Explanation.Step> steps) {
        for (var step : steps) row(step.counts() ? "* " : "  ", seconds(step.seconds()), step.what());
    }

    private void toOrigin(Explanation.ToOrigin sent) {
        heading("If the origin is asked");
        for (var origin : sent.origins()) row(origin.originId(), origin.address(), origin.because());
        line("  %s".formatted(sent.requestLine()));
        for (var header : sent.headers()) line("  %s: %s".formatted(header.name(), header.value()));
    }

    private void heading(String words) {
        text.append('\n').append(words).append('\n');
    }

    private void optional(String what, @Nullable String value) {
        if (value != null) row(what, value, "");
    }

    private void row(String what, String value, String because) {
        line("  %-22s %-32s %s".formatted(what, value, because));
    }

    private void line(String line) {
        // What it quotes came from viewers, origins and edges, and goes to a terminal.
        text.append(PlainText.lineOf(line.stripTrailing(), Integer.MAX_VALUE)).append('\n');
    }

    private static String or(@Nullable String value) {
        return value == null ? HIDDEN_OR_ABSENT : value;
    }

    private static String seconds(double seconds) {
        return seconds == Math.rint(seconds)
                ? "%d s".formatted((long) seconds)
                : String.format(Locale.ROOT, "%.3f s", seconds);
    }
}
