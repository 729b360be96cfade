package dev.nearside.edge.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;

/// Copies what a connection reads out of the pooled memory that it was read into, before the transport may keep it: of
/// a connection that ends, the transport never gives back what it kept for a reader who had paused. It would make the
/// same copy a moment later.
public final class OwnBytes extends ChannelInboundHandlerAdapter {

    private OwnBytes() {}

    /// Puts a new connection of HTTP/1.1 under this rule, whatever protocol it may change to.
    public static void guard(ChannelPipeline pipeline) {
        pipeline.addBefore("handler", "bytes", new OwnBytes());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        context.fireChannelRead(
                switch (message) {
                    case HttpContent content when content.content().isReadable() -> own(content);
                    case ByteBuf bytes -> own(bytes);
                    default -> message;
                });
    }

    private static HttpContent own(HttpContent content) {
        var bytes = content.content();
        var same = content.replace(copy(bytes));
        same.setDecoderResult(content.decoderResult());
        bytes.release();
        return same;
    }

    private static ByteBuf own(ByteBuf bytes) {
        var same = copy(bytes);
        bytes.release();
        return same;
    }

    /// On the heap, where it goes with whoever holds it.
    private static ByteBuf copy(ByteBuf bytes) {
        int size = bytes.readableBytes();
        return Unpooled.buffer(size, size).writeBytes(bytes);
    }
}
