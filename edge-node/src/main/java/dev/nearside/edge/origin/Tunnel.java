package dev.nearside.edge.origin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Carries bytes both ways between a viewer and an origin that have agreed to speak another protocol, each way as fast
/// as the receiver takes them. Who has no more to say may still listen.
///
/// All calls come on one context.
public final class Tunnel {

    /// Without a byte from the origin (CF§10.5).
    private static final Duration IDLE = Duration.ofMinutes(10);

    /// How long the other one may go on, after one side has ended.
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    private final Side viewer;
    private final Side origin;
    private final Vertx vertx;
    private final Context context;
    private final Patience patience;
    private final Promise<Long> done = Promise.promise();
    private long carried;

    /// One end of it.
    ///
    /// @param channel below the socket
    public record End(NetSocket socket, Channel channel) {}

    public Tunnel(Vertx vertx, LongSupplier nanoTime, Context context, End viewer, End origin) {
        this(vertx, nanoTime, context, viewer, origin, IDLE);
    }

    Tunnel(Vertx vertx, LongSupplier nanoTime, Context context, End viewer, End origin, Duration idle) {
        this.vertx = vertx;
        this.context = context;
        this.viewer = new Side(viewer);
        this.origin = new Side(origin);
        this.patience = new Patience(vertx, nanoTime, idle.toMillis(), this::finish);
    }

    /// Completed with the bytes that both sides said, when the tunnel is no more.
    public Future<Long> run() {
        patience.expect();
        viewer.speakTo(origin);
        origin.speakTo(viewer);
        return done.future();
    }

    private void finish() {
        if (!done.tryComplete(carried)) return;
        patience.end();
        viewer.close();
        origin.close();
    }

    private void settle() {
        if (done.future().isComplete()) return;
        viewer.passOn(origin);
        origin.passOn(viewer);
        boolean allSaid = viewer.silent && origin.silent && viewer.unwritten == 0 && origin.unwritten == 0;
        if (allSaid || viewer.hasLeft(origin) || origin.hasLeft(viewer)) finish();
    }

    private final class Side {
        private final NetSocket socket;
        private final Channel channel;
        private int unwritten;
        private long heard;
        private boolean paused;
        private boolean ended;
        private boolean silent;
        private boolean gone;
        private boolean deaf;

        Side(End end) {
            this.socket = end.socket();
            this.channel = end.channel();
        }

        void speakTo(Side other) {
            socket.handler(bytes -> say(bytes, other));
            socket.exceptionHandler(_ -> context.runOnContext(_ -> leave()));
            socket.endHandler(_ -> context.runOnContext(_ -> end()));
            socket.closeHandler(_ -> context.runOnContext(_ -> leave()));
            channel.eventLoop().execute(this::watch);
            socket.resume();
        }

        /// Takes the transport's own patience away, and hears of an end that is no close. Either may have come already.
        private void watch() {
            var pipeline = channel.pipeline();
            var impatient = pipeline.get(IdleStateHandler.class);
            if (impatient != null) pipeline.remove(impatient);
            if (!channel.isActive()) {
                context.runOnContext(_ -> leave());
                return;
            }
            if (!canFallSilent() || pipeline.get("handler") == null) return;
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            pipeline.addBefore("handler", "ends", new ChannelInboundHandlerAdapter() {
                @Override
                public void userEventTriggered(ChannelHandlerContext at, Object event) {
                    if (event instanceof ChannelInputShutdownEvent) context.runOnContext(_ -> end());
                    at.fireUserEventTriggered(event);
                }
            });
            if (((DuplexChannel) channel).isInputShutdown()) context.runOnContext(_ -> end());
        }

        /// TLS knows no end of one direction alone.
        private boolean canFallSilent() {
            return channel instanceof DuplexChannel && channel.pipeline().get(SslHandler.class) == null;
        }

        private void say(Buffer bytes, Side other) {
            carried += bytes.length();
            heard++;
            if (this == origin) patience.expect();
            other.unwritten++;
            other.socket
                    .write(bytes)
                    .onComplete(_ -> context.runOnContext(_ -> {
                        other.unwritten--;
                        settle();
                    }));
            if (other.socket.writeQueueFull()) {
                paused = true;
                socket.pause();
                other.socket.drainHandler(_ -> {
                    paused = false;
                    socket.resume();
                    fallSilent();
                });
            }
        }

        private void end() {
            if (ended || done.future().isComplete()) return;
            ended = true;
            vertx.setTimer(LAST_WORDS.toMillis(), _ -> finish());
            fallSilent();
        }

        /// What it said before its end may still wait in the transport, on this context and on the connection's own
        /// loop: it is silent when neither has had anything.
        private void fallSilent() {
            if (!ended || silent || paused) return;
            long before = heard;
            context.runOnContext(_ -> channel.eventLoop()
                    .execute(() -> context.runOnContext(_ -> {
                        if (heard != before) {
                            fallSilent();
                        } else if (!paused) {
                            silent = true;
                            settle();
                        }
                    })));
        }

        private void leave() {
            gone = true;
            end();
            settle();
        }

        /// Whether it is gone, and the other one has all of its last words.
        private boolean hasLeft(Side other) {
            return gone && silent && other.unwritten == 0;
        }

        /// Tells the other one, once, that this one has no more to say.
        private void passOn(Side other) {
            if (!silent || other.deaf || other.unwritten > 0) return;
            other.deaf = true;
            if (other.canFallSilent()) {
                var _ = ((DuplexChannel) other.channel).shutdownOutput();
            } else {
                finish();
            }
        }

        private void close() {
            var _ = socket.close();
        }
    }
}
