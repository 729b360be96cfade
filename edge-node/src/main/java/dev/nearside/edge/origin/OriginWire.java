package dev.nearside.edge.origin;

import dev.nearside.edge.store.OwnBytes;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnection;

/// One connection to an origin below the answers: drops what is said before the final one, and ends a connection that
/// says more than it was asked.
///
/// All calls come on the connection's event loop.
final class OriginWire extends ChannelInboundHandlerAdapter {

    private static final AttributeKey<Boolean> USED = AttributeKey.valueOf(OriginWire.class, "USED");
    private static final AttributeKey<Boolean> WHOLE = AttributeKey.valueOf(OriginWire.class, "WHOLE");

    /// Interim answers before the final one; an origin that goes on and on never gives any.
    private static final int MOST_INTERIM = 16;

    private boolean dropping;
    private boolean broken;
    private boolean finished;
    private int interim;
    private int continues;

    private OriginWire() {}

    /// Puts a new connection under these rules.
    static void guard(HttpConnection connection) {
        // What breaks the connection is told to its request.
        connection.exceptionHandler(_ -> {});
        if (connection instanceof HttpClientConnection inner) {
            var pipeline = inner.channelHandlerContext().pipeline();
            pipeline.addBefore("handler", "answers", new OriginWire());
            OwnBytes.guard(pipeline);
        }
    }

    /// Whether an answer came over the connection before: its origin may have closed it since.
    static boolean wasUsed(HttpConnection connection) {
        return connection instanceof HttpClientConnection inner
                && isUsed(inner.channelHandlerContext().channel());
    }

    /// Whether the last answer that began on the connection has come to its end, whoever has read it.
    static boolean isWhole(Channel channel) {
        return Boolean.TRUE.equals(channel.attr(WHOLE).get());
    }

    static Channel channel(HttpConnection connection) {
        if (connection instanceof HttpClientConnection inner) {
            return inner.channelHandlerContext().channel();
        }
        throw new IllegalArgumentException("a connection of another kind: " + connection);
    }

    private static boolean isUsed(Channel channel) {
        return channel.attr(USED).get() != null;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (broken) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpResponse response && response.decoderResult().isSuccess()) {
            if (finished) {
                breakOff(context, message, "it answered what it was not asked");
                return;
            }
            dropping = isInterim(response.status());
            if (dropping) {
                interim++;
                if (response.status().code() == 100) continues++;
                if (interim > MOST_INTERIM || continues > 1) {
                    breakOff(context, message, "it did not come to its answer");
                    return;
                }
            } else {
                interim = 0;
                continues = 0;
                context.channel().attr(WHOLE).set(false);
            }
        }
        if (dropping) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof LastHttpContent last) {
            finished = true;
            context.channel().attr(USED).set(true);
            context.channel().attr(WHOLE).set(last.decoderResult().isSuccess());
        }
        context.fireChannelRead(message);
    }

    /// The next request leaves after all that was read at once has been dealt with, and not before.
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        finished = false;
        context.fireChannelReadComplete();
    }

    /// Said before the final answer (RFC 9110, section 15.2), but for the one that ends HTTP on this connection.
    private static boolean isInterim(HttpResponseStatus status) {
        return status.codeClass() == HttpStatusClass.INFORMATIONAL && status.code() != 101;
    }

    private void breakOff(ChannelHandlerContext context, Object message, String why) {
        broken = true;
        ReferenceCountUtil.release(message);
        context.fireExceptionCaught(new CorruptedFrameException(why));
        var _ = context.close();
    }
}
