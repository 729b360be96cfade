package dev.nearside.edge.store;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.OptionalLong;

/// The bytes of one response, which may still be arriving.
public interface Body {

    /// In bytes; empty while nobody knows.
    OptionalLong length();

    /// The whole body, if it is complete and lies in memory: a retained view that the caller releases.
    Optional<ByteBuf> inMemory();

    /// Reads from `offset` to the end, at its own pace; holds the body until it is closed.
    BodyReader reader(long offset);

    /// How many bytes of it are there by now; all of a stored entry.
    default long arrived() {
        return length().orElse(0);
    }

    /// A reader that is sure to get every byte from `offset` on. Empty of an arriving body that is not stored and whose
    /// beginning its readers have already taken, and of one that broke off.
    default Optional<BodyReader> join(long offset) {
        return Optional.of(reader(offset));
    }
}
