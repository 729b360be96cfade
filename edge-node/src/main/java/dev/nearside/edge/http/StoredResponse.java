package dev.nearside.edge.http;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
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
    private final Tags tags;
    private final @Nullable Instant staleSince;

    /// Computed when first asked for. Two threads may compute it twice, to the same value.
    private @Nullable Told told;

    /// A head with its times.
    ///
    /// @param headers as the origin sent them, less those that must not be stored (RFC 9111, section 3.1)
    /// @param requestedAt when the request that brought it was sent
    /// @param receivedAt when its head arrived
    /// @param position the log position known when the fetch began
    public StoredResponse(int status, Headers headers, Instant requestedAt, Instant receivedAt, LogPosition position) {
        this(status, headers, requestedAt, receivedAt, position, Tags.NONE, Optional.empty());
    }

    /// The same with what it can be invalidated by, and what became of that.
    ///
    /// @param staleSince when a soft invalidation ended its life; empty if none did
    public StoredResponse(
            int status,
            Headers headers,
            Instant requestedAt,
            Instant receivedAt,
            LogPosition position,
            Tags tags,
            Optional<Instant> staleSince) {
        this.status = status;
        this.headers = headers;
        this.requestedAt = requestedAt;
        this.receivedAt = receivedAt;
        this.position = position;
        this.tags = tags;
        this.staleSince = staleSince.orElse(null);
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
    public Tags tags() {
        return tags;
    }

    /// When a soft invalidation ended its life, whatever time would have been left.
    public Optional<Instant> staleSince() {
        return Optional.ofNullable(staleSince);
    }

    /// The same response under these tags.
    public StoredResponse tagged(Tags other) {
        return new StoredResponse(status, headers, requestedAt, receivedAt, position, other, staleSince());
    }

    /// The same response, stale from a moment on; the earliest one counts.
    public StoredResponse staleFrom(Instant moment) {
        var earlier = staleSince != null && !staleSince.isAfter(moment);
        return earlier ? this : marked(Optional.of(moment));
    }

    /// The same response as it was before a soft invalidation.
    public StoredResponse unmarked() {
        return staleSince == null ? this : marked(Optional.empty());
    }

    private StoredResponse marked(Optional<Instant> since) {
        return new StoredResponse(status, headers, requestedAt, receivedAt, position, tags, since);
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
                && position.equals(that.position)
                && tags.equals(that.tags)
                && Objects.equals(staleSince, that.staleSince);
    }

    @Override
    public int hashCode() {
        return Objects.hash(status, headers, requestedAt, receivedAt, position, tags, staleSince);
    }

    @Override
    public String toString() {
        return "StoredResponse[status=%d, headers=%s, requestedAt=%s, receivedAt=%s, position=%s, tags=%s, stale=%s]"
                .formatted(status, headers, requestedAt, receivedAt, position, tags.names(), staleSince);
    }
}
