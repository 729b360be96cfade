package dev.nearside.edge.accept;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/// A body as its viewer sends it. A viewer who waits for a word to send it gets that word when somebody reads; and who
/// comes to read a body that has broken off already hears of it.
///
/// All calls come on the context of the request.
final class ViewerBody implements ReadStream<Buffer> {

    private final HttpServerRequest transport;
    private boolean awaited;
    private @Nullable Throwable broken;
    private @Nullable Handler<Throwable> told;

    /// @param awaited whether the viewer waits for a word
    ViewerBody(HttpServerRequest transport, boolean awaited) {
        this.transport = transport;
        this.awaited = awaited;
        transport.exceptionHandler(this::broke);
    }

    private void broke(Throwable cause) {
        if (broken != null) return;
        broken = cause;
        if (told != null) told.handle(cause);
    }

    @Override
    public ViewerBody exceptionHandler(@Nullable Handler<Throwable> handler) {
        told = handler;
        if (handler != null && broken != null) handler.handle(broken);
        return this;
    }

    @Override
    public ViewerBody handler(@Nullable Handler<Buffer> handler) {
        transport.handler(handler);
        return this;
    }

    @Override
    public ViewerBody endHandler(@Nullable Handler<Void> handler) {
        transport.endHandler(handler);
        return this;
    }

    @Override
    public ViewerBody pause() {
        transport.pause();
        return this;
    }

    @Override
    public ViewerBody fetch(long amount) {
        ask();
        transport.fetch(amount);
        return this;
    }

    @Override
    public ViewerBody resume() {
        ask();
        transport.resume();
        return this;
    }

    private void ask() {
        if (!awaited) return;
        awaited = false;
        if (!transport.response().headWritten()) transport.response().writeContinue();
    }
}
