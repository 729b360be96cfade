package dev.nearside.model.wire;

import static dev.nearside.model.wire.Documents.each;
import static dev.nearside.model.wire.Documents.isPath;
import static dev.nearside.model.wire.Documents.or;
import static dev.nearside.model.wire.Documents.within;

import dev.nearside.model.check.Problems;
import dev.nearside.model.distribution.CustomError;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What viewers get in place of an error (CF§1.7).
final class CustomErrorReader {

    private static final int MAX_PATH = 4_000;
    private static final Set<Integer> ERRORS = Set.of(400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504);
    private static final String ERRORS_TEXT = "400, 403, 404, 405, 414, 416, 500, 501, 502, 503 or 504";

    private CustomErrorReader() {}

    static List<CustomError> read(List<DistributionDocument.CustomErrorResponse> documents, Problems at) {
        var seen = new HashSet<Integer>();
        return each(documents, at, (document, place) -> {
            var status = document.errorCode();
            var code = place.at("errorCode");
            if (status == null) code.add("missing (expected: " + ERRORS_TEXT + ")");
            else if (!ERRORS.contains(status)) code.add(status, ERRORS_TEXT);
            else if (!seen.add(status)) code.add(status, "each status once");
            var byDefault = (int) CustomError.DEFAULT_MIN_TTL.toSeconds();
            return new CustomError(
                    or(status, 0),
                    page(document, place),
                    Duration.ofSeconds(within(
                            document.errorCachingMinTTL(),
                            byDefault,
                            0,
                            Integer.MAX_VALUE,
                            place.at("errorCachingMinTTL"))));
        });
    }

    private static Optional<CustomError.Page> page(DistributionDocument.CustomErrorResponse document, Problems at) {
        var path = or(document.responsePagePath(), "");
        var status = document.responseCode();
        if (path.isEmpty() != (status == null)) {
            at.at(path.isEmpty() ? "responsePagePath" : "responseCode")
                    .add("missing (expected: responsePagePath and responseCode, or neither)");
        }
        if (!path.isEmpty() && (!isPath(path) || path.length() > MAX_PATH)) {
            at.at("responsePagePath").add(path, "a path that begins with /, at most %d characters".formatted(MAX_PATH));
        }
        if (status != null && status != 200 && !ERRORS.contains(status)) {
            at.at("responseCode").add(status, "200, " + ERRORS_TEXT);
        }
        return path.isEmpty() ? Optional.empty() : Optional.of(new CustomError.Page(path, or(status, 200)));
    }
}
