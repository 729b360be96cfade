package dev.nearside.edge.accept;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import org.jspecify.annotations.Nullable;

/// A shorter way to an answer, for the requests of one HTTP/1.1 connection whose bytes have come before.
///
/// It is asked only while every earlier request of the connection has its answer, and with bytes that begin where a
/// message begins. It never changes what a viewer gets, only how much work that is: what it leaves alone is decoded
/// and served as ever. All calls come on the connection's event loop.
public interface Shortcut {

    /// Answers a request, if its bytes are known and nothing has changed since: writes and flushes, in this call.
    ///
    /// @param head all that was read; to be left as it is
    /// @return whether it was answered
    boolean answer(ByteBuf head, ChannelHandlerContext context);

    /// How the request is marked that will be decoded of these bytes, should it be all that was read, so that its
    /// answer can be remembered by them; null if it is not worth it.
    @Nullable
    DecoderResult mark(ByteBuf head);
}
