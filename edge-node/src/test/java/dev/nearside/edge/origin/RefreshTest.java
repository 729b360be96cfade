package dev.nearside.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.store.Body;
import dev.nearside.edge.store.BodyReader;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How long the edge listens to an origin for its own sake.
class RefreshTest {

    private final Vertx vertx = Vertx.vertx();
    private final Promise<Void> stored = Promise.promise();
    private final AtomicInteger left = new AtomicInteger();

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    /// A body that has grown by so many bytes whenever somebody looks.
    private static final class Growing implements Body {
        private final long step;
        private final AtomicInteger looks = new AtomicInteger();

        Growing(long step) {
            this.step = step;
        }

        @Override
        public long arrived() {
            return looks.incrementAndGet() * step;
        }

        @Override
        public OptionalLong length() {
            return OptionalLong.empty();
        }

        @Override
        public Optional<ByteBuf> inMemory() {
            return Optional.empty();
        }

        @Override
        public BodyReader reader(long offset) {
            throw new UnsupportedOperationException("nobody reads it");
        }
    }

    private Growing keep(long step) {
        var body = new Growing(step);
        vertx.runOnContext(_ -> Refresh.keep(body, stored.future(), left::incrementAndGet, Duration.ofMillis(20)));
        return body;
    }

    @Test
    void itEndsWhenTheBodyComesTooSlowly() {
        keep(Refresh.LEAST - 1);

        await().until(() -> left.get() == 1);
        stored.complete();
        assertThat(left).hasValue(1);
    }

    @Test
    void itLastsToTheEndOfWhatComesAtAPace() {
        var body = keep(Refresh.LEAST);

        await().until(() -> body.looks.get() > 5);
        assertThat(left).hasValue(0);
        stored.complete();
        assertThat(left).hasValue(1);
        int looks = body.looks.get();
        await().pollDelay(Duration.ofMillis(100)).until(() -> body.looks.get() == looks);
    }
}
