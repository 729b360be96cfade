package dev.nearside.edge.accept;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Hands long bodies to the encryption piece by piece, each when the one before it is on its way.
///
/// What is encrypted is a copy: a body in memory that is written at once would lie there once more for every viewer who
/// reads it slowly. In pieces it also stays in the processor's cache between the encryption and the socket.
///
/// All calls come on the connection's event loop.
@SuppressWarnings("FutureReturnValueIgnored") // the pipeline tells of failures, by the end of the connection
final class Piecewise extends ChannelDuplexHandler {

    /// In bytes.
    private static final int PIECE = 256 << 10;

    /// How long a connection that is to be closed may stay without a piece having gone, with some left.
    private static final Duration TO_MOVE_ON = Duration.ofSeconds(3);

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private boolean advancing;
    private boolean closing;
    private long gone;

    private record Waiting(Object message, ChannelPromise promise) {}

    private Piecewise() {}

    /// Puts a connection under this rule, if it is encrypted.
    static void guard(ChannelPipeline pipeline) {
        var tls = pipeline.context(SslHandler.class);
        if (tls != null) pipeline.addAfter(tls.name(), "pieces", new Piecewise());
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (waiting.isEmpty() && !isLong(message)) {
            context.write(message, promise);
        } else {
            waiting.add(new Waiting(message, promise));
        }
    }

    private static boolean isLong(Object message) {
        return message instanceof ByteBuf bytes && bytes.readableBytes() > PIECE;
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        if (waiting.isEmpty()) context.flush();
        else advance(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        advance(context);
        context.fireChannelWritabilityChanged();
    }

    /// Writes while the socket takes it; a piece that it does not take is the last one for now.
    private void advance(ChannelHandlerContext context) {
        if (advancing) return;
        advancing = true;
        // What was written before the first long body goes, whatever becomes of that.
        if (!context.channel().isWritable()) context.flush();
        while (!waiting.isEmpty() && context.channel().isWritable()) {
            var next = waiting.peek();
            if (isLong(next.message) && next.message instanceof ByteBuf bytes) {
                context.write(bytes.readRetainedSlice(PIECE));
            } else {
                waiting.poll();
                context.write(next.message, next.promise);
            }
            gone++;
            context.flush();
        }
        advancing = false;
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (waiting.isEmpty() || closing || !context.channel().isActive()) {
            context.close(promise);
            return;
        }
        closing = true;
        context.channel().closeFuture().addListener(_ -> promise.trySuccess());
        var last = context.newPromise().addListener(_ -> context.close());
        waiting.add(new Waiting(Unpooled.EMPTY_BUFFER, last));
        closeUnlessMoving(context, gone);
    }

    private void closeUnlessMoving(ChannelHandlerContext context, long seen) {
        context.executor()
                .schedule(
                        () -> {
                            if (!context.channel().isActive()) return;
                            if (gone == seen) {
                                context.close();
                            } else {
                                closeUnlessMoving(context, gone);
                            }
                        },
                        TO_MOVE_ON.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        forget();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        forget();
    }

    private void forget() {
        @Nullable Waiting next;
        while ((next = waiting.poll()) != null) {
            ReferenceCountUtil.release(next.message);
            next.promise.tryFailure(new ClosedChannelException());
        }
    }
}
