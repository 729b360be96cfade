package dev.nearside.edge.respond;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.store.BodyReader;
import io.netty.buffer.ByteBuf;

/// What a viewer is going to get, described; only {@link Responder} moves bytes.
///
/// @param result how it counts (DESIGN §6)
/// @param why the decision's own words, for the log
/// @param done called once when the reply has been sent or given up
public record Reply(int status, Headers headers, Content content, ResultClass result, String why, Runnable done) {

    /// The bytes behind the head.
    public sealed interface Content {

        record None() implements Content {}

        /// All of it at hand; released by whoever sends it.
        record Whole(ByteBuf bytes) implements Content {}

        /// Read at the viewer's pace and closed by whoever sends it.
        ///
        /// @param limit bytes to send at the most
        record Streamed(BodyReader reader, long limit) implements Content {}
    }
}
