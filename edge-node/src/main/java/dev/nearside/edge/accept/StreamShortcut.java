package dev.nearside.edge.accept;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import org.jspecify.annotations.Nullable;

/// What {@link Shortcut} is for HTTP/1.1, for the requests without a body of one HTTP/2 connection.
public interface StreamShortcut {

    /// Answers a request, if its fields are known and nothing has changed since: writes, in this call; somebody else
    /// flushes.
    ///
    /// @param fields all of them, in a form that tells them apart
    /// @return whether it was answered
    boolean answer(ByteBuf fields, ChannelHandlerContext context, Http2ConnectionEncoder encoder, int stream);

    /// How the request with these fields is marked, so that its answer can be remembered by them; null if it is not
    /// worth it.
    @Nullable
    DecoderResult mark(ByteBuf fields);
}
