package dev.nearside.load.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearside.load.proof.Findings.Kind;
import dev.nearside.load.proof.Viewer.Answer;
import dev.nearside.load.proof.Viewer.Question;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A viewer, and an origin in the place of an edge.
class ViewerTest {

    private static final Thing THING = Thing.at("/f1/o1-100000");

    private final Versions versions = new Versions();
    private final Findings findings = new Findings();
    private ContentOrigin origin;

    @BeforeEach
    void open() throws IOException {
        origin = new ContentOrigin(versions);
    }

    @AfterEach
    void close() throws IOException {
        origin.close();
    }

    private Answer ask(Question question) throws IOException {
        try (var viewer = new Viewer(origin.port(), versions, findings)) {
            return viewer.ask(question);
        }
    }

    @Test
    void hasNothingAgainstWhatIsRight() throws IOException {
        assertThat(ask(Question.get(THING)).bytes()).isEqualTo(100_000);
        assertThat(ask(Question.head(THING)).bytes()).isZero();
        assertThat(ask(Question.get(THING).range(77_777, 77_779)).bytes()).isEqualTo(2);
        assertThat(ask(Question.get(THING).range(99_000, 200_000)).bytes()).isEqualTo(1_000);
        assertThat(ask(Question.get(THING).range(100_000, 100_001)).status()).isEqualTo(416);
        assertThat(ask(Question.get(THING).unless(1)).status()).isEqualTo(304);
        versions.change("/f1/*");
        assertThat(ask(Question.get(THING).unless(1)).version()).isEqualTo(2);
        for (int number = 0; number < 40; number++) {
            assertThat(ask(Question.get(Thing.numbered(number, number))).bytes())
                    .isEqualTo(number);
        }
        assertThat(findings.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/f1/o1-100000", "/f1/*"})
    void findsWhatWasInvalidatedBeforeTheQuestion(String line) throws IOException {
        versions.confirm(line, 1);

        ask(Question.get(THING));

        assertThat(findings.count(Kind.OLD_VERSION)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 50_001, 99_999})
    void findsOneWrongByteAnywhere(int place) throws IOException {
        var bytes = new byte[100_000];
        Content.of(THING.path(), 1).write(0, bytes, bytes.length);
        bytes[place] ^= 1;

        askWhoAnswers(bytes, bytes.length);

        assertThat(findings.count(Kind.WRONG_BYTES)).isEqualTo(1);
    }

    @Test
    void findsAShorterBodyThatLooksWhole() throws IOException {
        var bytes = new byte[100_000];
        Content.of(THING.path(), 1).write(0, bytes, bytes.length);

        askWhoAnswers(Arrays.copyOf(bytes, 99_999), 99_999);

        assertThat(findings.count(Kind.WRONG_HEAD)).isEqualTo(1);
        assertThat(findings.count(Kind.WRONG_BYTES)).isEqualTo(1);
    }

    @Test
    void tellsWhenAnAnswerEndsTooEarly() {
        assertThatThrownBy(() -> askWhoAnswers(new byte[0], 100_000))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ended at 0");
    }

    /// One answer from somebody who sends these bytes, and says that they are so many.
    private void askWhoAnswers(byte[] bytes, int length) throws IOException {
        try (var door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var viewer = new Viewer(door.getLocalPort(), versions, findings)) {
            Thread.startVirtualThread(() -> {
                try (var socket = door.accept()) {
                    var in = socket.getInputStream();
                    while (!Wire.line(in).isEmpty()) {}
                    var out = socket.getOutputStream();
                    out.write("HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: %d\r\n\r\n"
                            .formatted(length)
                            .getBytes(StandardCharsets.US_ASCII));
                    out.write(bytes);
                } catch (IOException _) {
                    // the viewer has left
                }
            });
            viewer.ask(Question.get(THING));
        }
    }
}
