package dev.nearside.load.compare;

import java.util.Arrays;
import java.util.HashMap;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What one run of a load generator found.
///
/// @param requests how many were answered
/// @param micros how long it took
/// @param p50 median of the time for an answer, in microseconds
/// @param p99 99th percentile of it
/// @param bytes what came over the wire: over HTTP/1.1 with heads, over HTTP/2 bodies alone
/// @param expected what the bodies of all requests add up to, where they differ in length
/// @param failed requests that were not answered, or not with a success
record Run(long requests, long micros, long p50, long p99, long bytes, OptionalLong expected, long failed) {

    /// No head is longer.
    private static final long LONGEST_HEAD = 2_048;

    private static final Pattern FINISHED = Pattern.compile("finished in ([0-9.]+)(us|ms|s),");
    private static final Pattern REQUESTS = Pattern.compile(
            "requests: .* (\\d+) done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored, (\\d+) timeout");
    private static final Pattern SUCCESSES = Pattern.compile("status codes: (\\d+) 2xx,");
    private static final Pattern DATA = Pattern.compile("\\((\\d+)\\) data");

    double perSecond() {
        return requests * 1e6 / micros;
    }

    /// Reads what `wrk.lua` prints at the end.
    static Run fromWrk(String output) {
        var said = new HashMap<String, Long>();
        output.lines()
                .filter(line -> line.matches("[a-z0-9]+=\\d+"))
                .forEach(line -> said.put(
                        line.substring(0, line.indexOf('=')), Long.valueOf(line.substring(line.indexOf('=') + 1))));
        for (var name : new String[] {"requests", "microseconds", "p50", "p99", "bytes", "expected", "failed"}) {
            if (!said.containsKey(name)) throw new IllegalArgumentException("wrk did not say " + name + ":\n" + output);
        }
        var expected = said.getOrDefault("expected", 0L);
        return new Run(
                said.getOrDefault("requests", 0L),
                said.getOrDefault("microseconds", 0L),
                said.getOrDefault("p50", 0L),
                said.getOrDefault("p99", 0L),
                said.getOrDefault("bytes", 0L),
                expected == 0 ? OptionalLong.empty() : OptionalLong.of(expected),
                said.getOrDefault("failed", 0L));
    }

    /// Reads what h2load prints, and its log: a line for each request, with start, status and microseconds.
    static Run fromH2load(String output, Stream<String> log) {
        var finished = FINISHED.matcher(output);
        var requests = REQUESTS.matcher(output);
        var successes = SUCCESSES.matcher(output);
        var data = DATA.matcher(output);
        if (!finished.find() || !requests.find() || !successes.find() || !data.find()) {
            throw new IllegalArgumentException("h2load said something else:\n" + output);
        }
        var times = log.mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf('\t') + 1)))
                .toArray();
        Arrays.sort(times);
        var answered = Long.parseLong(requests.group(1));
        var unit = switch (finished.group(2)) {
            case "us" -> 1;
            case "ms" -> 1e3;
            default -> 1e6;
        };
        return new Run(
                answered,
                Math.round(Double.parseDouble(finished.group(1)) * unit),
                percentile(times, 50),
                percentile(times, 99),
                Long.parseLong(data.group(1)),
                OptionalLong.empty(),
                answered - Long.parseLong(successes.group(1)) + Long.parseLong(requests.group(5)));
    }

    /// What tells that not every answer was a success of the right length; empty if nothing does.
    ///
    /// Answers that were under way when time was up count with some of their bytes, but not as requests;
    /// requests that were under way count as expected.
    String flaw(Row row) {
        if (requests == 0) return "nothing was answered";
        if (failed > 0) return failed + " requests failed";
        var longest = switch (row.subject()) {
            case Row.One(var length) -> length;
            case Row.Mixed() -> MixedSet.LONGEST;
        };
        long streams = row.transport() == Row.Transport.HTTP_2 ? Row.STREAMS : 1;
        var underWay = row.connections() * streams + 1;
        var slack = underWay * (longest + LONGEST_HEAD);
        var least = switch (row.subject()) {
            case Row.One(var length) -> requests * length;
            case Row.Mixed() -> expected.orElseThrow() - slack;
        };
        var most = switch (row.subject()) {
            case Row.One(var length) -> requests * (length + LONGEST_HEAD) + slack;
            case Row.Mixed() -> expected.orElseThrow() + requests * LONGEST_HEAD + slack;
        };
        if (bytes >= least && bytes <= most) return "";
        return "%,d bytes came for %,d requests (expected: %,d to %,d)".formatted(bytes, requests, least, most);
    }

    private static long percentile(long[] sorted, int percent) {
        return sorted.length == 0
                ? 0
                : sorted[Math.min(sorted.length - 1, (int) (sorted.length * (long) percent / 100))];
    }
}
