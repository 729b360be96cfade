package dev.nearside.edge.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.accept.Accepted;
import dev.nearside.edge.accept.Door;
import dev.nearside.edge.accept.RequestIds;
import dev.nearside.edge.accept.TrustedProxies;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.respond.Reply.Content;
import dev.nearside.edge.store.BodyReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Bytes on their way to a viewer are let go of when they are out, or nobody wants them.
class ResponderTest {

    private final Vertx vertx = Vertx.vertx();
    /// Kept: one that is garbage closes its connections.
    private final HttpClient client = vertx.createHttpClient();

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void aWholeBodyIsReleased() {
        var bytes = bytes(100_000);

        assertThat(served(new Content.Whole(bytes))).isEqualTo(100_000);
        await().untilAsserted(() -> assertThat(bytes.refCnt()).isZero());
    }

    @Test
    void everyPieceOfAStreamedBodyIsReleased() {
        var pieces = List.of(bytes(10), bytes(100_000), bytes(70_000));

        assertThat(served(new Content.Streamed(new Pieces(new ArrayDeque<>(pieces)), Long.MAX_VALUE)))
                .isEqualTo(170_010);
        await().untilAsserted(() -> assertThat(pieces)
                .allSatisfy(piece -> assertThat(piece.refCnt()).isZero()));
    }

    private record Pieces(Queue<ByteBuf> left) implements BodyReader {
        @Override
        public Future<ByteBuf> next() {
            var next = left.poll();
            return Future.succeededFuture(next == null ? Unpooled.EMPTY_BUFFER : next);
        }

        @Override
        public void close() {}
    }

    private static ByteBuf bytes(int length) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(length).writeZero(length);
    }

    /// How many bytes a viewer got.
    private int served(Content content) {
        var door = new Door(new RequestIds("t-"), TrustedProxies.NONE, InstantSource.system(), System::nanoTime);
        var reply = new Reply(200, Headers.of(), content, ResultClass.HIT, "HIT", () -> {});
        var server = vertx.createHttpServer()
                .requestHandler(transport -> {
                    if (door.accept(transport) instanceof Accepted.Arrived(var arrival)) {
                        new Responder(System::nanoTime).send(reply, arrival, false);
                    }
                })
                .listen(0, "127.0.0.1")
                .await();
        return client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
                // Inside, or a body that comes before anybody asks for it is lost.
                .compose(request -> request.send().compose(response -> response.body()))
                .await()
                .length();
    }
}
