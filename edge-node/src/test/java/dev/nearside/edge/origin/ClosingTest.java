package dev.nearside.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.origin.OriginOutcome.Answered;
import dev.nearside.edge.store.BodyReader;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A body that waits to be read holds a connection to its origin: whatever fails, somebody lets it go.
class ClosingTest {

    private final AtomicInteger closed = new AtomicInteger();

    private Answered answer() {
        var body = new BodyReader() {
            @Override
            public Future<ByteBuf> next() {
                return Future.failedFuture("nobody reads it");
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
        return new Answered(200, Headers.of(), OptionalLong.empty(), true, body, Instant.EPOCH, Instant.EPOCH);
    }

    static Stream<Function<Answered, Future<String>>> bugs() {
        return Stream.of(_ -> Future.failedFuture("later"), _ -> {
            throw new IllegalStateException("at once");
        });
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void whatAnswerCannotBeUsedIsClosed(Function<Answered, Future<String>> bug) {
        assertThat(answer().orClosed(bug).failed()).isTrue();
        assertThat(closed).hasValue(1);
    }

    @Test
    void whatIsUsedStaysOpen() {
        assertThat(answer().orClosed(_ -> Future.succeededFuture("used")).result())
                .isEqualTo("used");
        assertThat(closed).hasValue(0);
    }

    @Test
    void whatWasFetchedForNobodyIsClosed() {
        new Fetched.Passing(answer(), "NOT_STORABLE").forgo();

        assertThat(closed).hasValue(1);
    }
}
