package dev.nearside.control.invalidation;

import dev.nearside.control.http.Call;
import dev.nearside.control.http.Span;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problems;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// How long an answer is held back, and until what: `?wait=all&timeout=30s`, `?wait=quorum&quorum=60%`, or in short
/// `?wait=30s` for all of them.
///
/// @param atMost zero if nobody waits
public record Wait(Until until, Duration atMost) {

    /// The answer comes at once, and says how far every edge is.
    static final Wait NONE = new Wait(new Until.All(), Duration.ZERO);

    private static final Duration USUAL = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final String LONGEST_SAID = "%s, at most 5m".formatted(Span.EXPECTED);
    private static final Pattern COUNT = Pattern.compile("[1-9]\\d{0,5}");
    private static final Pattern SHARE = Pattern.compile("([1-9]\\d?|100)%");
    private static final String WAIT = "wait";
    private static final String TIMEOUT = "timeout";
    private static final String QUORUM = "quorum";

    boolean isWanted() {
        return !equals(NONE);
    }

    /// What the query of a call says, if it says nothing but that.
    ///
    /// @param others parameters that the call may have besides
    static Checked<Wait> of(Call call, Set<String> others) {
        var problems = Problems.none();
        call.query().forEach((name, values) -> {
            if (!others.contains(name) && !List.of(WAIT, TIMEOUT, QUORUM).contains(name)) {
                problems.at(name).add("unknown (expected: no query parameter but wait, timeout and quorum)");
            } else if (values.size() > 1) {
                problems.at(name).add("%d times (expected: once)".formatted(values.size()));
            }
        });
        var wait = read(call, problems);
        return Checked.of(wait, problems.list());
    }

    private static Wait read(Call call, Problems problems) {
        var said = call.query(WAIT);
        if (said.isEmpty() || said.get().equals("none")) {
            for (var name : List.of(TIMEOUT, QUORUM)) {
                if (call.query(name).isPresent()) {
                    problems.at(name).add("given without waiting (expected: wait=all or wait=quorum beside it)");
                }
            }
            return NONE;
        }
        return switch (said.get()) {
            case "all" -> {
                unexpected(call, QUORUM, "wait=quorum beside it", problems);
                yield new Wait(new Until.All(), timeout(call, problems));
            }
            case "quorum" -> new Wait(quorum(call, problems), timeout(call, problems));
            default -> {
                unexpected(call, QUORUM, "wait=quorum beside it", problems);
                unexpected(call, TIMEOUT, "wait=all or wait=quorum beside it", problems);
                var span = span(said.get());
                if (span.isEmpty()) {
                    problems.at(WAIT)
                            .add("\"%s\" (expected: all, quorum, none, or %s)".formatted(said.get(), LONGEST_SAID));
                }
                yield new Wait(new Until.All(), span.orElse(USUAL));
            }
        };
    }

    private static void unexpected(Call call, String name, String expected, Problems problems) {
        if (call.query(name).isPresent()) {
            problems.at(name)
                    .add("does not go with wait=%s (expected: %s)"
                            .formatted(call.query(WAIT).orElse(""), expected));
        }
    }

    private static Duration timeout(Call call, Problems problems) {
        var said = call.query(TIMEOUT);
        if (said.isEmpty()) return USUAL;
        var span = span(said.get());
        if (span.isEmpty()) problems.at(TIMEOUT).add("\"%s\" (expected: %s)".formatted(said.get(), LONGEST_SAID));
        return span.orElse(USUAL);
    }

    private static Optional<Duration> span(String text) {
        return Span.read(text).filter(span -> span.isPositive() && span.compareTo(LONGEST) <= 0);
    }

    private static Until quorum(Call call, Problems problems) {
        var said = call.query(QUORUM).orElse("");
        if (said.isEmpty() && call.query(QUORUM).isEmpty()) return new Until.Majority();
        if (COUNT.matcher(said).matches()) return new Until.Count(Integer.parseInt(said));
        var share = SHARE.matcher(said);
        if (share.matches()) return new Until.Share(Integer.parseInt(share.group(1)));
        problems.at(QUORUM)
                .add("\"%s\" (expected: a number of edges like 2, or a percentage like 60%%)".formatted(said));
        return new Until.Majority();
    }
}
