package dev.nearside.edge.accept;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/// Says that a connection is idle when nothing moves on it: no byte comes, and none goes of what was written.
///
/// The transport's own counts a write when all of it has gone. A long body in memory is one write, and a viewer who
/// takes it slowly would be idle in the middle of it.
final class Idleness extends IdleStateHandler {

    /// @param patience in milliseconds; a connection is idle when nothing has moved for so long, or up to half as long
    ///     again where a part of a write was the last that moved
    Idleness(long patience) {
        super(true, 0, 0, patience / 2, TimeUnit.MILLISECONDS);
    }

    /// Takes the place of the transport's own, with its patience; in front of everything, where all bytes pass.
    static void guard(ChannelPipeline pipeline) {
        var before = pipeline.get(IdleStateHandler.class);
        if (before == null) return;
        var name = pipeline.context(before).name();
        pipeline.remove(before);
        pipeline.addFirst(name, new Idleness(before.getAllIdleTimeInMillis()));
    }

    // The first look after a sign of life only notes where the output stands.
    @Override
    protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) throws Exception {
        if (!event.isFirst()) super.channelIdle(context, event);
    }
}
