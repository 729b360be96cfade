package dev.nearside.edge.log;

import dev.nearside.edge.http.ViewerRequest;
import java.time.Duration;
import java.time.Instant;

/// One finished exchange with a viewer, as the log tells it.
///
/// @param host that the viewer named, as it was sent
/// @param tlsProtocol of the connection; `-` in clear text
/// @param tlsCipher likewise
/// @param distribution name of the distribution; `-` if none was found
/// @param status that the viewer got; 0 if it left before an answer
/// @param sentBytes body bytes sent
/// @param resultType as in `X-Cache`: `Hit`, `Miss`, `RefreshHit`, `Error`, `Redirect`
/// @param resultClass one of seven, as in the metrics: `hit`, `refresh_hit`, `stale`, `collapsed`, `miss`, `pass`,
///     `error`
/// @param why the decision's own words, as `stale` or `host-missing`
/// @param whole whether everything was sent
public record Exchange(
        ViewerRequest request,
        Instant at,
        String host,
        String tlsProtocol,
        String tlsCipher,
        String distribution,
        int status,
        long sentBytes,
        String resultType,
        String resultClass,
        String why,
        boolean whole,
        Duration untilFirstByte,
        Duration taken,
        String contentType,
        String contentLength,
        String contentRange) {

    /// The same outcome, for another request in the same words.
    ///
    /// @param other the request, with whom it came from
    public Exchange again(
            ViewerRequest other,
            Instant when,
            String protocol,
            String cipher,
            long bytes,
            boolean allSent,
            Duration firstByte,
            Duration all) {
        return new Exchange(
                other,
                when,
                host,
                protocol,
                cipher,
                distribution,
                status,
                bytes,
                resultType,
                resultClass,
                why,
                allSent,
                firstByte,
                all,
                contentType,
                contentLength,
                contentRange);
    }
}
