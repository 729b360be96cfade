package dev.nearside.edge.http;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The head of a stored response with the times that its age is computed from (RFC 9111, section 4.2.3).
///
/// A value; a class only because it remembers what its headers tell, which every hit asks again.
public final class StoredResponse implements Representation {

    private final int status;
    private final Headers headers;
    private final Instant requestedAt;
    private final Instant receivedAt;
    private final LogPosition position;

    /// Computed when first asked for. Two threads may compute it twice, to the same value.
    private @Nullable Told told;

    /// A head with its times.
    ///
    /// @param headers as the origin sent them, less those that must not be stored (RFC 9111, section 3.1)
    /// @param requestedAt when the request that brought it was sent
    /// @param receivedAt when its head arrived
    /// @param position the log position known when the fetch began
    public StoredResponse(int status, Headers headers, Instant requestedAt, Instant receivedAt, LogPosition position) {
        this.status = status;
        this.headers = headers;
        this.requestedAt = requestedAt;
        this.receivedAt = receivedAt;
        this.position = position;
    }

    public int status() {
        return status;
    }

    public Headers headers() {
        return headers;
    }

    public Instant requestedAt() {
        return requestedAt;
    }

    public Instant receivedAt() {
        return receivedAt;
    }

    @Override
    public LogPosition position() {
        return position;
    }

    @Override
    public StoredResponse head() {
        return this;
    }

    @Override
    public StoredResponse under(StoredResponse other) {
        return other;
    }

    /// What its headers tell a cache.
    public Told told() {
        var known = told;
        if (known == null) {
            known = Told.by(headers);
            told = known;
        }
        return known;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredResponse that
                && status == that.status
                && headers.equals(that.headers)
                && requestedAt.equals(that.requestedAt)
                && receivedAt.equals(that.receivedAt)
                && position.equals(that.position);
    }

    @Override
    public int hashCode() {
        return Objects.hash(status, headers, requestedAt, receivedAt, position);
    }

    @Override
    public String toString() {
        return "StoredResponse[status=%d, headers=%s, requestedAt=%s, receivedAt=%s, position=%s]"
                .formatted(status, headers, requestedAt, receivedAt, position);
    }
}
