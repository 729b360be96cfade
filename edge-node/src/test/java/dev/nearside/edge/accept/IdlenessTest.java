package dev.nearside.edge.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdlenessTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private int timesIdle;

    @BeforeEach
    void guard() {
        channel.freezeTime();
        channel.pipeline().addLast("idle", new IdleStateHandler(0, 0, 75));
        Idleness.guard(channel.pipeline());
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                if (event instanceof IdleStateEvent) timesIdle++;
            }
        });
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    /// What is written and not flushed waits for the socket; more of it, or less, is a change.
    private void leave(int bytes) {
        var _ = channel.write(Unpooled.buffer(bytes).writeZero(bytes));
    }

    @Test
    void aQuietConnectionIsIdleAfterItsTime() {
        pass(70);
        assertThat(timesIdle).isZero();
        pass(10);
        assertThat(timesIdle).isEqualTo(1);
    }

    @Test
    void whoAsksIsNotIdle() {
        for (int i = 0; i < 10; i++) {
            pass(60);
            channel.writeInbound(Unpooled.buffer(1).writeZero(1));
        }
        assertThat(timesIdle).isZero();
    }

    @Test
    void whoTakesNothingOfAnAnswerIsIdle() {
        leave(1_000_000);
        pass(40);
        assertThat(timesIdle).isZero();
        pass(40);
        assertThat(timesIdle).isEqualTo(1);
    }

    @Test
    void whoTakesALongWriteSlowlyIsNotIdle() {
        leave(1_000_000);
        for (int i = 0; i < 30; i++) {
            pass(30);
            leave(10);
        }
        assertThat(timesIdle).isZero();
        pass(80);
        assertThat(timesIdle).as("and is, when nothing moves any more").isPositive();
    }
}
