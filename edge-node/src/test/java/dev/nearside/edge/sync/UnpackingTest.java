package dev.nearside.edge.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackingTest {

    private final Unpacking unpacking = new Unpacking();
    private final ByteArrayOutputStream unpacked = new ByteArrayOutputStream();

    private void feed(byte[] bytes) {
        unpacking.feed(bytes, unpacked::writeBytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 10, 11, 4096, 1 << 20})
    void whatIsFlushedCanBeReadHoweverItArrives(int atOnce) throws IOException {
        var text = "event: snapshot, and again ".repeat(20_000);
        var sent = new ByteArrayOutputStream();
        var gzip = new GZIPOutputStream(sent, 512, true);
        gzip.write(text.getBytes(StandardCharsets.UTF_8));
        gzip.flush();
        var bytes = sent.toByteArray();

        for (int from = 0; from < bytes.length; from += atOnce) {
            feed(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + atOnce)));
        }

        assertThat(unpacked.toString(StandardCharsets.UTF_8)).isEqualTo(text);
        unpacking.close();
    }

    @Test
    void whatIsNoGzipIsRefused() {
        assertThatThrownBy(() -> feed("event: hello\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalStateException.class);
        var damaged = new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff, 7, 7, 7, 7, 7, 7, 7};
        assertThatThrownBy(() -> new Unpacking().feed(damaged, unpacked::writeBytes))
                .isInstanceOf(IllegalStateException.class);
    }
}
