package dev.nearside.edge.store;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A body that one viewer has joined: its bytes from some place on stay until they are read or the viewer leaves,
/// however far everybody else is by then. All calls come on the viewer's context.
public final class Joined implements Body {

    private final Body body;
    private final long offset;
    private @Nullable BodyReader reader;

    private Joined(Body body, long offset, BodyReader reader) {
        this.body = body;
        this.offset = offset;
        this.reader = reader;
    }

    /// Joins a body; empty if some of its bytes from `offset` on have been passed on and forgotten.
    public static Optional<Joined> at(long offset, Body body) {
        return body.join(offset).map(reader -> new Joined(body, offset, reader));
    }

    /// Keeps nothing any more for a viewer who has not begun to read. May be called again.
    public void leave() {
        var unused = reader;
        reader = null;
        if (unused != null) unused.close();
    }

    @Override
    public OptionalLong length() {
        return body.length();
    }

    @Override
    public Optional<ByteBuf> inMemory() {
        return body.inMemory();
    }

    @Override
    public BodyReader reader(long from) {
        var kept = reader;
        if (kept != null && from == offset) {
            reader = null;
            return kept;
        }
        var other = body.reader(from);
        leave();
        return other;
    }

    @Override
    public long arrived() {
        return body.arrived();
    }

    @Override
    public Optional<BodyReader> join(long from) {
        return body.join(from);
    }
}
