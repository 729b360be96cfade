package dev.nearside.edge.origin;

import dev.nearside.edge.http.ByteRange;
import dev.nearside.edge.http.Sliced;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.origin.Slices.Slice;
import dev.nearside.edge.origin.Slices.Wanted;
import dev.nearside.edge.store.Body;
import dev.nearside.edge.store.BodyReader;
import dev.nearside.edge.store.Entry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A representation in slices, as one body for one viewer: slice after slice, each brought from the origin when the
/// viewer has come that far and it is not stored yet.
///
/// Should the origin have another version by then, the body breaks off: bytes of two versions never meet. That is why
/// the slice that the answer begins in is opened before the answer begins. All calls come on the viewer's context.
public final class SlicedEntry implements Entry, Body {

    /// Slices that are looked for before an answer begins: those of a gigabyte, about a millisecond.
    private static final int MOST_LOOKED_FOR = 1024;

    private final Slices slices;
    private final Trip trip;
    private final CacheKey under;
    private final Sliced sliced;

    /// Opened before it is read.
    private Slice.@Nullable There opened;

    private long openedIndex;

    /// Where a slice came from.
    public enum Way {
        STORED,
        BROUGHT,
        /// Brought for another request.
        JOINED
    }

    /// Whether the answer to the viewer can begin.
    public sealed interface Opening {

        /// It can.
        ///
        /// @param way of the slice that the answer begins in
        /// @param allAtHand whether nothing is known to be missing behind it
        record Ready(Way way, boolean allAtHand) implements Opening {}

        /// The origin has another version by now.
        record Changed() implements Opening {}

        record Failed(OriginOutcome.Failed failure) implements Opening {}

        /// Some of what the answer needs is not stored.
        record Missing() implements Opening {}
    }

    SlicedEntry(Slices slices, Trip trip, CacheKey under, Sliced sliced) {
        this.slices = slices;
        this.trip = trip;
        this.under = under;
        this.sliced = sliced;
    }

    @Override
    public Sliced head() {
        return sliced;
    }

    @Override
    public Body body() {
        return this;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(sliced.total());
    }

    @Override
    public Optional<ByteBuf> inMemory() {
        return Optional.empty();
    }

    /// Opens the slice that the answer to the viewer's request begins in.
    ///
    /// @param gone completed when the viewer waits no more; empty if the edge itself wants the slice
    public Future<Opening> open(Optional<Future<Void>> gone) {
        var first = firstByte();
        if (first.isEmpty() || isOpen(first.getAsLong())) return ready(opened);
        return slices.get(wanted(first.getAsLong()), first.getAsLong() % Sliced.SIZE, gone)
                .map(slice -> switch (slice) {
                    case Slice.There there -> {
                        hold(there, Sliced.index(first.getAsLong()));
                        yield new Opening.Ready(there.way(), isAllAtHand());
                    }
                    case Slice.Changed() -> new Opening.Changed();
                    case Slice.Failed(var failure) -> new Opening.Failed(failure);
                });
    }

    /// The same, without asking the origin, where nothing of the answer is known to be missing.
    public Future<Opening> openStored() {
        var first = firstByte();
        if (first.isEmpty() || isOpen(first.getAsLong())) return ready(opened);
        if (!isAllAtHand()) return Future.succeededFuture(new Opening.Missing());
        return slices.find(wanted(first.getAsLong()), first.getAsLong() % Sliced.SIZE)
                .map(found -> {
                    if (found.isEmpty()) return new Opening.Missing();
                    hold(found.get(), Sliced.index(first.getAsLong()));
                    return new Opening.Ready(Way.STORED, true);
                });
    }

    private Future<Opening> ready(Slice.@Nullable There there) {
        return Future.succeededFuture(
                new Opening.Ready(there == null ? Way.STORED : there.way(), there == null || isAllAtHand()));
    }

    /// Whether no slice of the answer is known to be missing at this moment, but for the one that is open.
    private boolean isAllAtHand() {
        int looked = 0;
        for (var portion :
                ByteRange.portions(trip.route().request(), sliced.head().told(), sliced.total())) {
            long last = Sliced.index(portion.last());
            for (long index = Sliced.index(portion.first()); index <= last; index++) {
                if (opened != null && openedIndex == index) continue;
                if (looked++ == MOST_LOOKED_FOR) return true;
                if (!slices.mayBeAtHand(new Wanted(trip, under, sliced, index))) return false;
            }
        }
        return true;
    }

    private OptionalLong firstByte() {
        return ByteRange.firstByte(trip.route().request(), sliced.head().told(), sliced.total());
    }

    private boolean isOpen(long offset) {
        return opened != null && openedIndex == Sliced.index(offset);
    }

    /// Takes over a slice that is there.
    void hold(Slice.There there, long index) {
        close();
        opened = there;
        openedIndex = index;
    }

    private Wanted wanted(long offset) {
        return new Wanted(trip, under, sliced, Sliced.index(offset));
    }

    @Override
    public BodyReader reader(long offset) {
        var reader = new Reader(offset);
        var there = opened;
        if (there != null && isOpen(offset)) {
            opened = null;
            reader.read(there);
        }
        return reader;
    }

    @Override
    public void close() {
        var there = opened;
        opened = null;
        if (there != null) there.leave().run();
    }

    private final class Reader implements BodyReader {

        private long position;
        private boolean isClosed;
        private Slice.@Nullable There slice;
        private @Nullable BodyReader bytes;

        /// Of the slice that is waited for.
        private Promise<Void> gone = Promise.promise();

        Reader(long position) {
            this.position = position;
        }

        private void read(Slice.There there) {
            slice = there;
            bytes = there.body().reader(position % Sliced.SIZE);
        }

        @Override
        public Future<ByteBuf> next() {
            if (isClosed) return Future.failedFuture(new IllegalStateException("the reader is closed"));
            var open = bytes;
            if (open != null) return open.next().compose(this::take);
            if (position >= sliced.total()) return Future.succeededFuture(Unpooled.EMPTY_BUFFER);
            gone = Promise.promise();
            var found = slices.get(wanted(position), position % Sliced.SIZE, Optional.of(gone.future()));
            return found.compose(slice -> switch (slice) {
                case Slice.There there -> {
                    if (isClosed) there.leave().run();
                    else read(there);
                    yield next();
                }
                case Slice.Changed() -> broken("the origin has another version by now");
                case Slice.Failed(var failure) -> broken(OriginOutcome.told(failure));
            });
        }

        private Future<ByteBuf> take(ByteBuf some) {
            if (some.isReadable()) {
                position += some.readableBytes();
                return Future.succeededFuture(some);
            }
            some.release();
            letGo();
            boolean atEnd = position % Sliced.SIZE == 0 || position >= sliced.total();
            return atEnd ? next() : broken("a slice ended early");
        }

        private static Future<ByteBuf> broken(String why) {
            return Future.failedFuture(new IOException("body: " + why));
        }

        private void letGo() {
            var reader = bytes;
            var there = slice;
            bytes = null;
            slice = null;
            if (reader != null) reader.close();
            if (there != null) there.leave().run();
        }

        @Override
        public void close() {
            isClosed = true;
            gone.tryComplete();
            letGo();
        }
    }
}
