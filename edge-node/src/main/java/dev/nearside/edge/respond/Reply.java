package dev.nearside.edge.respond;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.origin.OriginClient;
import dev.nearside.edge.respond.ViewerHead.Part;
import dev.nearside.edge.store.BodyReader;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/// What a viewer is going to get, described; only {@link Responder} moves bytes.
///
/// @param result how it counts (DESIGN §6)
/// @param why the decision's own words, for the log
/// @param done called once when the reply has been sent or given up
/// @param kept what it was made of, if an equal request could get the same again; see {@link Kept}
public record Reply(
        int status,
        Headers headers,
        Content content,
        ResultClass result,
        String why,
        Runnable done,
        Optional<Kept> kept) {

    /// What an answer was made of that is a fresh hit in memory, and nothing but that.
    ///
    /// @param stored the very head that was found
    /// @param part of the stored body
    public record Kept(StoredResponse stored, Part part) {}

    public Reply(int status, Headers headers, Content content, ResultClass result, String why, Runnable done) {
        this(status, headers, content, result, why, done, Optional.empty());
    }

    Reply madeOf(StoredResponse stored, Part part) {
        return new Reply(status, headers, content, result, why, done, Optional.of(new Kept(stored, part)));
    }

    /// An unwanted body with more bytes than this is broken off.
    private static final long LARGEST_FORGONE = 1 << 20;

    /// This page in place of an error: it counts as what it stands for, and says so.
    ///
    /// @param as the status that the viewer gets
    public Reply inPlaceOf(Reply error, int as) {
        var kept = headers.without("X-Cache").without("Cache-Status");
        var told = kept.plus("X-Cache", error.result().xCache());
        var status = error.headers().joined("Cache-Status");
        return new Reply(
                as,
                status.map(text -> told.plus("Cache-Status", text)).orElse(told),
                content,
                error.result(),
                error.why(),
                done);
    }

    /// Nobody will send this. A small body that is still arriving is read to its end, since it may be on its way into
    /// the store, and its connection can be used again.
    public void forgo() {
        switch (content) {
            case Content.None() -> done.run();
            case Content.Whole(var bytes) -> {
                bytes.release();
                done.run();
            }
            case Content.Streamed(var reader, var _) -> drain(reader, LARGEST_FORGONE);
            case Content.Tunnelled(var origin) -> {
                origin.socket().close();
                done.run();
            }
        }
    }

    private void drain(BodyReader reader, long left) {
        reader.next().onComplete(next -> {
            int size = next.succeeded() ? next.result().readableBytes() : 0;
            if (next.succeeded()) next.result().release();
            if (size == 0 || size >= left) {
                reader.close();
                done.run();
            } else {
                drain(reader, left - size);
            }
        });
    }

    /// The bytes behind the head.
    public sealed interface Content {

        record None() implements Content {}

        /// All of it at hand; released by whoever sends it.
        record Whole(ByteBuf bytes) implements Content {}

        /// Read at the viewer's pace and closed by whoever sends it.
        ///
        /// @param limit bytes to send at the most
        record Streamed(BodyReader reader, long limit) implements Content {}

        /// No body: from here on the connection belongs to another protocol.
        record Tunnelled(OriginClient.Opening.Tunnel origin) implements Content {}
    }
}
