package dev.nearside.edge.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KnownHeadsTest {

    private final KnownHeads<String> heads = new KnownHeads<>(16, 42);

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private byte @Nullable [] familiar(String head) {
        var bytes = bytes(head);
        return heads.familiar(bytes, bytes.readerIndex(), bytes.readableBytes());
    }

    private @Nullable String find(ByteBuf bytes) {
        return heads.find(bytes, bytes.readerIndex(), bytes.readableBytes());
    }

    private void learn(String head, String known) {
        familiar(head);
        var familiar = familiar(head);
        if (familiar != null) heads.learn(familiar, known);
    }

    @Test
    void whatComesOnceIsNotWorthKnowing() {
        assertThat(familiar("GET / HTTP/1.1")).isNull();
        assertThat(familiar("GET / HTTP/1.1")).isEqualTo("GET / HTTP/1.1".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aHeadIsKnownByAllOfItsBytes() {
        learn("GET /a HTTP/1.1", "a");

        assertThat(find(bytes("GET /a HTTP/1.1"))).isEqualTo("a");
        assertThat(find(bytes("xGET /a HTTP/1.1").skipBytes(1))).isEqualTo("a");
        for (var other :
                new String[] {"GET /b HTTP/1.1", "GET /a HTTP/1.", "GET /a HTTP/1.1\r", "", "GET /a HTTP/1.0"}) {
            assertThat(find(bytes(other))).as(other).isNull();
        }
    }

    @Test
    void whatIsTooLongIsLeftAlone() {
        var longest = "x".repeat(KnownHeads.LONGEST);
        learn(longest, "longest");
        learn(longest + "x", "longer");

        assertThat(find(bytes(longest))).isEqualTo("longest");
        assertThat(find(bytes(longest + "x"))).isNull();
    }

    @Test
    void whatIsForgottenIsLearnedAnew() {
        learn("GET /a HTTP/1.1", "a");

        heads.forget();

        assertThat(find(bytes("GET /a HTTP/1.1"))).isNull();
        learn("GET /a HTTP/1.1", "b");
        assertThat(find(bytes("GET /a HTTP/1.1"))).isEqualTo("b");
    }

    /// However many there are: each is found as what it was learned as, or forgotten.
    @Property(tries = 200)
    void noHeadIsTakenForAnother(@ForAll @Size(max = 60) List<@IntRange(max = 40) Integer> lengths) {
        for (int i = 0; i < lengths.size(); i++) learn("x".repeat(lengths.get(i)), "of " + lengths.get(i));
        for (int length = 0; length <= 40; length++) {
            var found = find(bytes("x".repeat(length)));
            if (found != null) assertThat(found).isEqualTo("of " + length);
        }
    }
}
