package dev.nearside.edge.decide;

import dev.nearside.edge.http.ByteRange;
import dev.nearside.edge.http.ContentRange;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Sliced;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.StrongValidator;
import dev.nearside.edge.http.Told;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// What a 206 is good for: whether it can be stored, and put together with other parts (RFC 9111, sections 3.3, 3.4).
public sealed interface Combination {

    /// It carries all there is: a 200 with these fields.
    record Complete(Headers headers, long total) implements Combination {}

    /// It carries the slice that was asked for.
    ///
    /// @param headers as of a 200 with the whole body
    record Slice(Headers headers, Sliced of) implements Combination {}

    /// It is good for one viewer only.
    ///
    /// @param range what it carries; empty if it does not say, or contradicts itself
    record Alone(Why why, Optional<ContentRange> range) implements Combination {}

    /// Written to the access log as is; operators grep for these words.
    enum Why {
        /// Several parts, or none that makes sense.
        PART_UNCLEAR,
        PART_OF_UNKNOWN_LENGTH,
        PART_NOT_STORABLE,
        PART_WITHOUT_STRONG_VALIDATOR,
        /// It could be combined, had it been asked for.
        PART_NOT_ALIGNED
    }

    /// The verdict on a 206 that has just arrived.
    ///
    /// @param length of its body, if it says
    /// @param wanted the slice that was asked for; empty if anything else was
    static Combination evaluate(
            Asked asked,
            Headers partial,
            OptionalLong length,
            Optional<ByteRange.FromTo> wanted,
            TtlRules ttl,
            Instant requestedAt,
            Instant receivedAt,
            LogPosition position) {
        var said = ContentRange.of(partial);
        var range = said.filter(part -> length.isEmpty() || length.getAsLong() == part.length());
        if (range.isEmpty()) return new Alone(Why.PART_UNCLEAR, range);
        if (range.get().total().isEmpty()) return new Alone(Why.PART_OF_UNKNOWN_LENGTH, range);
        long total = range.get().total().getAsLong();
        var whole = partial.without("Content-Range").with("Content-Length", Long.toString(total));
        var storability = Storability.evaluate(asked, 200, whole, ttl, requestedAt, receivedAt, position);
        return switch (storability) {
            case Storability.NotStorable _ -> new Alone(Why.PART_NOT_STORABLE, range);
            case Storability.Storable _ when range.get().isWhole() -> new Complete(whole, total);
            case Storability.Storable(var head) -> {
                var validator = StrongValidator.of(head.told());
                if (validator.isEmpty()) yield new Alone(Why.PART_WITHOUT_STRONG_VALIDATOR, range);
                var fits = wanted.map(slice -> slice.of(total))
                        .filter(new ByteRange.Portion.Slice(
                                range.get().first(), range.get().last(), total)::equals);
                yield fits.isPresent()
                        ? new Slice(whole, new Sliced(head, new Sliced.Version(validator.get(), total)))
                        : new Alone(Why.PART_NOT_ALIGNED, range);
            }
        };
    }

    /// Whether another part of what is stored has come: of the very version, and free to be stored like the rest.
    static boolean fits(
            Sliced stored, long index, Asked asked, Headers partial, OptionalLong length, TtlRules ttl, Instant now) {
        var range = stored.range(index);
        boolean asSaid = ContentRange.of(partial).equals(Optional.of(range))
                && (length.isEmpty() || length.getAsLong() == range.length());
        if (!asSaid || !stored.version().validator().fits(Told.by(partial))) return false;
        // Whoever is authorized to see these bytes sees the very ones that others may see.
        var anybody = new Asked(asked.method(), asked.methodCacheable(), asked.ambiguous(), false);
        return Storability.evaluate(anybody, 200, partial, ttl, now, now, stored.position())
                instanceof Storability.Storable;
    }

    /// The head that a slice is stored with: it is found by its key, and judged by the head of the whole. It has the
    /// tags of the whole, with which it is invalidated.
    static StoredResponse headOfSlice(
            Sliced stored, long index, Instant requestedAt, Instant receivedAt, LogPosition position) {
        var fields = Headers.of("Content-Range", stored.range(index).toString());
        return new StoredResponse(206, fields, requestedAt, receivedAt, position, stored.tags(), Optional.empty());
    }
}
