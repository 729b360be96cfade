package dev.nearside.edge.origin;

import dev.nearside.edge.store.BodyReader;
import dev.nearside.edge.store.Contexts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A response's body as the origin sends it: nothing is read from the connection before somebody asks, and the origin
/// is late only while somebody does.
///
/// All calls come on the context of the request.
final class OriginBody implements BodyReader {

    private final HttpClientResponse response;
    private final Channel connection;
    private final OptionalLong announced;
    private final Patience patience;
    private final Runnable over;
    private long received;
    private boolean ended;
    private @Nullable Throwable broken;
    /// Why the connection is gone, while what came before that may still wait in the transport.
    private @Nullable Throwable lost;
    private @Nullable Promise<ByteBuf> asked;

    /// @param patience makes one that does this at its end
    /// @param over done once when nothing more can come
    OriginBody(
            HttpClientResponse response, OptionalLong announced, Function<Runnable, Patience> patience, Runnable over) {
        this.response = response;
        this.connection = OriginWire.channel(response.request().connection());
        this.announced = announced;
        this.patience = patience.apply(() -> breakOff(new TimeoutException("the origin fell silent")));
        this.over = over;
        response.pause();
        response.handler(this::arrived);
        response.exceptionHandler(this::lost);
        response.endHandler(_ -> end());
    }

    @Override
    public Future<ByteBuf> next() {
        if (broken != null) return Future.failedFuture(broken);
        if (ended) return Future.succeededFuture(Unpooled.EMPTY_BUFFER);
        var promise = Promise.<ByteBuf>promise();
        asked = promise;
        patience.expect();
        response.fetch(1);
        if (lost != null) endUnlessThere(promise, lost);
        return promise.future();
    }

    /// An origin may close the connection behind its answer before all of that has been read here.
    ///
    /// The connection's loop has taken everything from the socket by then. The transport hands over in three
    /// steps: what the context has been given; what the connection keeps, on its own loop, which may be another and
    /// busy; and that to the context. Behind all three nothing can come, not even the end: the transport tells it
    /// no more.
    private void endUnlessThere(Promise<ByteBuf> promise, Throwable cause) {
        var context = Contexts.current();
        context.runOnContext(_ -> connection
                .eventLoop()
                .execute(() -> context.runOnContext(_ -> {
                    if (promise.future().isComplete()) return;
                    if (OriginWire.isWhole(connection)) end();
                    else broke(cause);
                })));
    }

    private void lost(Throwable cause) {
        lost = cause;
        if (asked != null) endUnlessThere(asked, cause);
    }

    @Override
    public void close() {
        // Whoever waits for the next bytes must hear of it: they hold memory, and a place on a flight.
        breakOff(new IOException("closed"));
    }

    /// Ends it here and at the origin.
    void breakOff(Throwable cause) {
        if (ended || broken != null) return;
        broke(cause);
        response.request().reset();
    }

    private void arrived(Buffer bytes) {
        received += bytes.length();
        var promise = asked;
        if (promise == null) {
            breakOff(new IllegalStateException("the connection delivered what nobody asked for"));
            return;
        }
        if (bytes.length() == 0) {
            response.fetch(1);
            return;
        }
        asked = null;
        patience.pause();
        promise.complete(((BufferInternal) bytes).getByteBuf());
    }

    private void end() {
        if (announced.isPresent() && announced.getAsLong() != received) {
            broke(new IOException(
                    "the origin announced %d bytes and sent %d".formatted(announced.getAsLong(), received)));
            return;
        }
        if (ended || broken != null) return;
        ended = true;
        patience.end();
        over.run();
        var promise = asked;
        asked = null;
        if (promise != null) promise.complete(Unpooled.EMPTY_BUFFER);
    }

    private void broke(Throwable cause) {
        if (ended || broken != null) return;
        broken = cause;
        patience.end();
        over.run();
        var promise = asked;
        asked = null;
        if (promise != null) promise.fail(cause);
    }
}
