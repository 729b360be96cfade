package dev.nearside.edge.store;

import dev.nearside.edge.http.Stored;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.store.heap.HeapObject;
import dev.nearside.edge.store.offheap.Draft;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A response on its way into the store, and its body for those who read along.
///
/// It begins in memory, in one buffer, if it may become an object of the memory tier. If it grows too large, or memory
/// for bodies under way is short, it goes to disk: a few pieces stay in memory for readers who keep pace, the others
/// read what is on disk, and nobody holds back anybody. If the disk will not have it, it just passes: pieces stay until
/// the slowest reader has them, and while too many wait the writer waits too. The change from one way to the next
/// happens under the readers' feet; they never notice.
///
/// The writer, the readers and the disk are on different threads: state is guarded by this object's lock, which is
/// never held across a disk access, and promises are kept after it is released.
final class ArrivingBody implements Writing, Body {

    /// Bytes that go to disk at a time.
    static final int PIECE = 64 * 1024;

    /// The writer waits while more than this is neither on disk nor with the readers.
    private static final int MOST_UNSETTLED = 2 * PIECE;

    /// Pieces kept in memory for readers who keep pace.
    private static final int WINDOW = 4 * PIECE;

    private static final int FIRST_GROWTH = 16 * 1024;

    private enum Way {
        GATHERING,
        SPILLING,
        PASSING
    }

    private enum End {
        OPEN,
        WHOLE,
        BROKEN
    }

    private static final class Piece {
        final long offset;
        final ByteBuf bytes;
        int filled;
        boolean isOnDisk;

        Piece(long offset, ByteBuf bytes, int filled) {
            this.offset = offset;
            this.bytes = bytes;
            this.filled = filled;
        }

        long end() {
            return offset + filled;
        }
    }

    private final Tiers tiers;
    private final CacheKey key;
    private final Stored head;
    private final long announced;

    private Way way;
    private End end = End.OPEN;
    private @Nullable Throwable broken;
    private long received;

    // GATHERING: everything, and what of it was granted. Afterwards: the object it became.
    private @Nullable ByteBuf gathered;
    private long granted;
    private @Nullable HeapObject object;
    private boolean isHolding = true;

    // SPILLING, PASSING: the latest pieces, in order, without gaps.
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private long inPieces;
    private @Nullable Draft draft;
    private long onDisk;
    private boolean isDraining;

    private final List<Reader> readers = new ArrayList<>();
    private boolean wasEverRead;
    private @Nullable Later<Void> writer;
    private @Nullable Later<Void> finisher;

    /// @param mayBeStored false for what only passes
    ArrivingBody(Tiers tiers, CacheKey key, Stored head, long announced, boolean mayBeStored) {
        this.tiers = tiers;
        this.key = key;
        this.head = head;
        this.announced = announced;
        tiers.underWay().incrementAndGet();
        if (!mayBeStored) this.way = Way.PASSING;
        else if (announced <= tiers.heap().objectLimit() && grant(Math.max(announced, 0))) this.way = Way.GATHERING;
        else this.way = spillOrPass();
    }

    private Way spillOrPass() {
        if (!tiers.disk().mayStore(key.digest(), Math.max(announced, 0))) return Way.PASSING;
        draft = tiers.disk().draft(key.digest());
        return Way.SPILLING;
    }

    /// False once it is sure that nobody will find it.
    synchronized boolean mayBeStored() {
        return way != Way.PASSING && end != End.BROKEN;
    }

    // ---- the writer

    @Override
    public Body body() {
        return this;
    }

    @Override
    public Future<Void> write(ByteBuf bytes) {
        var wakes = new ArrayList<Runnable>();
        Future<Void> result;
        synchronized (this) {
            if (end != End.OPEN) {
                bytes.release();
                return Future.failedFuture(broken != null ? broken : new IllegalStateException("already complete"));
            }
            int size = bytes.readableBytes();
            if (announced >= 0 && received + size > announced) {
                bytes.release();
                var cause = new IOException("body: more than %d bytes (expected: as announced)".formatted(announced));
                breakOff(cause, wakes);
                result = Future.failedFuture(cause);
            } else {
                take(bytes);
                wakeReaders(wakes);
                trim();
                result = mayWrite() ? Future.succeededFuture() : parkWriter();
            }
        }
        wakes.forEach(Runnable::run);
        return result;
    }

    private Future<Void> parkWriter() {
        var later = Later.<Void>on(tiers.vertx());
        writer = later;
        return later.future();
    }

    /// Takes the bytes over, on the present way or the next that will have them.
    private void take(ByteBuf bytes) {
        int size = bytes.readableBytes();
        if (way == Way.GATHERING && !gather(bytes)) leaveMemory();
        switch (way) {
            case GATHERING -> bytes.release();
            case SPILLING -> {
                append(bytes);
                bytes.release();
            }
            case PASSING -> {
                if (size == 0) bytes.release();
                else add(new Piece(received, bytes.slice(), size));
            }
        }
        received += size;
        if (way == Way.SPILLING) drainLater();
    }

    private boolean gather(ByteBuf bytes) {
        long need = received + bytes.readableBytes();
        if (need > tiers.heap().objectLimit()) return false;
        var buffer = gathered;
        if (buffer == null || buffer.capacity() < need) {
            long ahead = Math.max(FIRST_GROWTH, Math.min(2 * need, tiers.heap().objectLimit()));
            long room = announced >= 0 ? announced : ahead;
            if (!grant(room - granted)) return false;
            buffer = moveTo((int) room);
            if (buffer == null) return false;
        }
        buffer.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        return true;
    }

    // Readers hold slices of the buffer before, which lives as long as they do.
    private @Nullable ByteBuf moveTo(int room) {
        var larger = tiers.allocate(room);
        if (larger == null) return null;
        if (gathered != null) {
            larger.writeBytes(gathered, 0, gathered.writerIndex());
            gathered.release();
        }
        gathered = larger;
        return larger;
    }

    private void leaveMemory() {
        way = spillOrPass();
        var all = gathered;
        gathered = null;
        giveBackGrant();
        if (all == null) return;
        int size = all.writerIndex();
        for (int at = 0; at < size; ) {
            int length = Math.min(PIECE, size - at);
            // The last one is still to be filled.
            var open = length < PIECE && way == Way.SPILLING ? tiers.allocate(PIECE) : null;
            if (open == null && length < PIECE) way = Way.PASSING;
            add(new Piece(at, open == null ? all.retainedSlice(at, length) : open.writeBytes(all, at, length), length));
            at += length;
        }
        all.release();
    }

    private void append(ByteBuf bytes) {
        int from = bytes.readerIndex();
        long at = received;
        while (from < bytes.writerIndex()) {
            var last = pieces.peekLast();
            if (last == null || last.filled == PIECE || last.isOnDisk) {
                var buffer = tiers.allocate(PIECE);
                if (buffer == null) {
                    way = Way.PASSING;
                    int rest = bytes.writerIndex() - from;
                    add(new Piece(at, bytes.retainedSlice(from, rest), rest));
                    return;
                }
                last = new Piece(at, buffer, 0);
                add(last);
            }
            int size = Math.min(PIECE - last.filled, bytes.writerIndex() - from);
            last.bytes.setBytes(last.filled, bytes, from, size);
            last.filled += size;
            inPieces += size;
            from += size;
            at += size;
        }
    }

    private void add(Piece piece) {
        pieces.add(piece);
        inPieces += piece.filled;
    }

    private boolean mayWrite() {
        return switch (way) {
            case GATHERING -> true;
            case SPILLING -> received - onDisk <= MOST_UNSETTLED;
            case PASSING -> unsettled() <= MOST_UNSETTLED;
        };
    }

    private long unsettled() {
        long sum = 0;
        for (var piece : pieces) if (!piece.isOnDisk) sum += piece.filled;
        return sum;
    }

    @Override
    public Future<Void> complete() {
        var wakes = new ArrayList<Runnable>();
        Future<Void> result;
        synchronized (this) {
            if (end != End.OPEN) {
                return Future.failedFuture(broken != null ? broken : new IllegalStateException("already complete"));
            }
            if (announced >= 0 && received != announced) {
                var cause =
                        new IOException("body: %d bytes (expected: %d, as announced)".formatted(received, announced));
                breakOff(cause, wakes);
                result = Future.failedFuture(cause);
            } else {
                end = End.WHOLE;
                result = switch (way) {
                    case GATHERING -> completeInMemory();
                    case SPILLING -> completeOnDisk();
                    case PASSING -> {
                        tiers.remove(key);
                        yield Future.succeededFuture();
                    }
                };
                // Not before the pool has it: whoever closes the store looks here first, and at the pool after that.
                tiers.underWay().decrementAndGet();
                wakeReaders(wakes);
                trim();
                releaseIfUnused();
            }
        }
        wakes.forEach(Runnable::run);
        return result;
    }

    private Future<Void> completeInMemory() {
        // Of unknown length: give back what was taken ahead, if it is worth a copy.
        if (gathered != null && gathered.capacity() - gathered.writerIndex() > gathered.capacity() / 8) {
            moveTo(gathered.writerIndex());
        }
        var body = gathered == null ? Unpooled.EMPTY_BUFFER : gathered;
        gathered = null;
        giveBackGrant();
        var whole = new HeapObject(key.digest(), head, body);
        object = whole;
        return tiers.keep(key, whole);
    }

    private Future<Void> completeOnDisk() {
        var later = Later.<Void>on(tiers.vertx());
        finisher = later;
        drainLater();
        return later.future();
    }

    @Override
    public void abort(Throwable cause) {
        var wakes = new ArrayList<Runnable>();
        synchronized (this) {
            if (end != End.OPEN) return;
            breakOff(cause, wakes);
        }
        wakes.forEach(Runnable::run);
    }

    private void breakOff(Throwable cause, List<Runnable> wakes) {
        end = End.BROKEN;
        tiers.underWay().decrementAndGet();
        broken = cause;
        for (var reader : readers) {
            var waiting = reader.waiting;
            reader.waiting = null;
            if (waiting != null) wakes.add(() -> waiting.fail(cause));
        }
        wakeWriter(wakes);
        releaseIfUnused();
    }

    private boolean grant(long bytes) {
        if (!tiers.gathering().grant(bytes)) return false;
        granted += bytes;
        return true;
    }

    private void giveBackGrant() {
        tiers.gathering().giveBack(granted);
        granted = 0;
    }

    // ---- the disk

    private void drainLater() {
        if (isDraining || (nextForDisk() == null && finisher == null)) return;
        isDraining = true;
        tiers.pool().run(this::drain);
    }

    /// The first piece that is full, or the last one of a body that is whole, and not yet on disk.
    private @Nullable Piece nextForDisk() {
        for (var piece : pieces) {
            if (!piece.isOnDisk) return piece.filled == PIECE || end == End.WHOLE ? piece : null;
        }
        return null;
    }

    // On the pool: one piece after the other, and at last the record. That there is nothing left to do is seen, and
    // said, under one lock, so that whoever brings more work knows whether somebody still looks for it.
    private void drain() {
        while (true) {
            Piece piece;
            Draft target;
            Later<Void> finish;
            synchronized (this) {
                target = way == Way.SPILLING && end != End.BROKEN ? draft : null;
                piece = target == null ? null : nextForDisk();
                finish = finisher;
                if (piece != null) {
                    piece.bytes.retain();
                } else if (finish != null) {
                    finisher = null;
                } else {
                    isDraining = false;
                    releaseIfUnused();
                    return;
                }
            }
            if (piece != null && target != null) {
                writeToDisk(piece, target);
            } else if (finish != null) {
                finish(target);
                finish.complete();
            }
        }
    }

    /// Takes over one reference to the piece's bytes.
    private void writeToDisk(Piece piece, Draft target) {
        boolean isWritten = false;
        try {
            if (target.reserve(Math.max(announced, piece.end()), piece.filled)) {
                target.append(piece.bytes.slice(0, piece.filled));
                isWritten = true;
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            tiers.complain("a body goes on unstored", e);
        } finally {
            piece.bytes.release();
        }
        var wakes = new ArrayList<Runnable>();
        synchronized (this) {
            if (isWritten) {
                piece.isOnDisk = true;
                onDisk = piece.end();
            } else {
                way = Way.PASSING;
            }
            trim();
            if (mayWrite()) wakeWriter(wakes);
        }
        wakes.forEach(Runnable::run);
    }

    private void finish(@Nullable Draft whole) {
        if (whole == null) tiers.remove(key);
        else tiers.commit(key, head, whole);
    }

    /// Lets go of pieces in memory that nobody needs there.
    private void trim() {
        for (var first = pieces.peekFirst(); first != null; first = pieces.peekFirst()) {
            boolean isDone = first.isOnDisk ? way == Way.PASSING || inPieces > WINDOW : mayPassOn(first);
            if (!isDone) return;
            pieces.removeFirst();
            inPieces -= first.filled;
            first.bytes.release();
        }
    }

    /// Whether a piece that is on no disk has done its work.
    private boolean mayPassOn(Piece piece) {
        if (way != Way.PASSING) return false;
        // Nobody came yet: whoever fetches for a viewer is about to. Who fetches for nobody must not wait for ever.
        if (!wasEverRead) return inPieces > MOST_UNSETTLED;
        for (var reader : readers) if (reader.position < piece.end()) return false;
        return true;
    }

    /// When all is over and nobody reads: gives up memory and blocks.
    private void releaseIfUnused() {
        if (end == End.OPEN || !readers.isEmpty() || isDraining || finisher != null || !isHolding) return;
        isHolding = false;
        giveBackGrant();
        if (gathered != null) gathered.release();
        gathered = null;
        for (var piece : pieces) piece.bytes.release();
        pieces.clear();
        inPieces = 0;
        if (object != null) object.release();
        if (draft != null) draft.release();
    }

    /// Takes up again, for a late reader, what was given up and can still be found.
    private boolean holdAgain() {
        if (isHolding) return true;
        if (end != End.WHOLE) return false;
        isHolding = object != null ? object.acquire() : draft != null && draft.holdAgain();
        return isHolding;
    }

    // ---- the readers

    @Override
    public synchronized OptionalLong length() {
        if (announced >= 0) return OptionalLong.of(announced);
        return end == End.WHOLE ? OptionalLong.of(received) : OptionalLong.empty();
    }

    @Override
    public synchronized long arrived() {
        return received;
    }

    @Override
    public synchronized Optional<ByteBuf> inMemory() {
        var whole = object;
        if (whole == null || !whole.acquire()) return Optional.empty();
        try {
            return Optional.of(whole.view(0));
        } finally {
            whole.release();
        }
    }

    @Override
    public synchronized Optional<BodyReader> join(long offset) {
        if (end == End.BROKEN || !holdAgain()) return Optional.empty();
        if (reaches(offset)) return Optional.of(reader(offset));
        releaseIfUnused();
        return Optional.empty();
    }

    private boolean reaches(long offset) {
        if (way == Way.GATHERING || offset >= received) return true;
        var first = pieces.peekFirst();
        long inMemory = first == null ? received : first.offset;
        return offset >= inMemory || inMemory <= onDisk;
    }

    @Override
    public synchronized BodyReader reader(long offset) {
        var reader = new Reader(offset);
        if (holdAgain()) {
            readers.add(reader);
            wasEverRead = true;
        } else {
            reader.isClosed = true;
            reader.whyClosed = broken != null ? broken : new IOException("body: no longer there");
        }
        return reader;
    }

    private void wakeReaders(List<Runnable> wakes) {
        for (var reader : readers) {
            var waiting = reader.waiting;
            if (waiting == null) continue;
            var bytes = fromMemory(reader);
            if (bytes == null && !reader.isAtEnd()) continue;
            reader.waiting = null;
            var result = bytes == null ? Unpooled.EMPTY_BUFFER : bytes;
            wakes.add(() -> waiting.complete(result));
        }
    }

    private void wakeWriter(List<Runnable> wakes) {
        var waiting = writer;
        writer = null;
        if (waiting == null) return;
        var cause = broken;
        wakes.add(cause == null ? waiting::complete : () -> waiting.fail(cause));
    }

    /// The bytes at the reader's place that lie in memory; moves it past them.
    private @Nullable ByteBuf fromMemory(Reader reader) {
        long at = reader.position;
        if (at >= received) return null;
        ByteBuf bytes = null;
        if (object != null) {
            bytes = object.view((int) at);
        } else if (gathered != null) {
            bytes = gathered.retainedSlice((int) at, (int) (received - at));
        } else {
            for (var piece : pieces) {
                if (at < piece.offset || at >= piece.end()) continue;
                int from = (int) (at - piece.offset);
                bytes = piece.bytes.retainedSlice(from, piece.filled - from);
                break;
            }
        }
        if (bytes != null) reader.position += bytes.readableBytes();
        return bytes;
    }

    private final class Reader implements BodyReader {

        private long position;
        private boolean isClosed;
        private boolean isReadingDisk;
        private @Nullable Throwable whyClosed;
        private @Nullable Later<ByteBuf> waiting;

        Reader(long position) {
            this.position = position;
        }

        private boolean isAtEnd() {
            return end == End.WHOLE && position >= received;
        }

        @Override
        public Future<ByteBuf> next() {
            var wakes = new ArrayList<Runnable>();
            Future<ByteBuf> result;
            synchronized (ArrivingBody.this) {
                result = nextNow(wakes);
            }
            wakes.forEach(Runnable::run);
            return result;
        }

        private Future<ByteBuf> nextNow(List<Runnable> wakes) {
            if (isClosed) {
                return Future.failedFuture(
                        whyClosed != null ? whyClosed : new IllegalStateException("the reader is closed"));
            }
            var cause = broken;
            if (cause != null) return Future.failedFuture(cause);
            var bytes = fromMemory(this);
            if (bytes != null) {
                trim();
                if (mayWrite()) wakeWriter(wakes);
                return Future.succeededFuture(bytes);
            }
            if (isAtEnd()) return Future.succeededFuture(Unpooled.EMPTY_BUFFER);
            var source = draft;
            if (position < onDisk && source != null) return fromDisk(source);
            if (position < received) return Future.failedFuture(new IOException("body: its beginning is gone"));
            var later = Later.<ByteBuf>on(tiers.vertx());
            waiting = later;
            return later.future();
        }

        private Future<ByteBuf> fromDisk(Draft source) {
            isReadingDisk = true;
            long from = position;
            return tiers.pool().call(() -> read(source, from));
        }

        // Whoever sees the bytes sees the reader behind them.
        private ByteBuf read(Draft source, long from) throws IOException {
            int length = 0;
            try {
                var bytes = source.read(from, tiers.buffers());
                length = bytes.readableBytes();
                return bytes;
            } finally {
                advance(length);
            }
        }

        private void advance(int bytes) {
            var wakes = new ArrayList<Runnable>();
            synchronized (ArrivingBody.this) {
                position += bytes;
                isReadingDisk = false;
                if (isClosed) leave(wakes);
            }
            wakes.forEach(Runnable::run);
        }

        @Override
        public void close() {
            var wakes = new ArrayList<Runnable>();
            synchronized (ArrivingBody.this) {
                if (isClosed) return;
                isClosed = true;
                var later = waiting;
                waiting = null;
                if (later != null) wakes.add(() -> later.fail(new IllegalStateException("the reader is closed")));
                // A read that is under way needs the blocks to its end.
                if (!isReadingDisk) leave(wakes);
            }
            wakes.forEach(Runnable::run);
        }

        private void leave(List<Runnable> wakes) {
            readers.remove(this);
            trim();
            if (mayWrite()) wakeWriter(wakes);
            releaseIfUnused();
        }
    }
}
