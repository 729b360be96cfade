package dev.nearside.load.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceReaderTest {

    @Test
    void readsTimeKeyAndSize() throws IOException {
        var reading = read("""
                # time key size
                1 /a 100
                2.5\t/b\t0

                2 /a 70
                """);
        assertThat(reading.unreadable()).isZero();
        assertThat(objects(reading.trace())).containsExactly(0, 1, 0);
        assertThat(reading.trace().size(0)).as("the largest size told").isEqualTo(100);
        assertThat(reading.trace().footprint()).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # line                                                                                    | requests | passed
            1.2.3.4 - - [10/Oct/2025:13:55:36 -0700] "GET /a?b=c HTTP/1.1" 200 2326                   |        1 |      0
            ::1 - frank smith [10/Oct/2025:13:55:36 -0700] "GET / HTTP/2.0" 304 -                     |        1 |      0
            h - - [t] "HEAD /a HTTP/1.1" 404 0 "http://referer/" "Mozilla/5.0 (X11; \\"odd\\")"       |        1 |      0
            h - - [t] "GET /a" 200 5                                                                  |        1 |      0
            h - - [t] "POST /a HTTP/1.1" 200 5                                                        |        0 |      1
            h - - [t] "GET /a HTTP/1.1" 503 5                                                         |        0 |      1
            h - - [t] "\\x16\\x03" 400 5                                                              |        0 |      0
            2 /a                                                                                      |        0 |      0
            2 /a -5                                                                                   |        0 |      0
            2 /a b 5                                                                                  |        0 |      0
            2 /a 99999999999999999999                                                                 |        0 |      0
            """)
    void tellsRequestsThatACacheMayAnswerFromOthers(String line, int requests, int passed) throws IOException {
        var reading = read(line);
        assertThat(reading.trace().length()).isEqualTo(requests);
        assertThat(reading.passed()).isEqualTo(passed);
        assertThat(reading.unreadable()).isEqualTo(1 - requests - passed);
    }

    @Test
    void namesTheFirstLineThatItCannotRead() throws IOException {
        var reading = read("1 /a 5\nnonsense\n\n2 /b 6\nmore nonsense\n");
        assertThat(reading.unreadable()).isEqualTo(2);
        assertThat(reading.firstUnreadable()).contains("line 2: nonsense");
        assertThat(reading.trace().length()).isEqualTo(2);
    }

    @Test
    void unpacksWhatIsPacked(@TempDir Path folder) throws IOException {
        var file = folder.resolve("trace.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("1 /a 5\n2 /a 5\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(TraceReader.read(file).trace().length()).isEqualTo(2);
    }

    @Test
    void keepsManyKeysApart() throws IOException {
        var lines = new StringBuilder();
        for (int i = 0; i < 200_000; i++)
            lines.append(i).append(" /object/").append(i % 100_000).append(" 1\n");
        assertThat(read(lines.toString()).trace().objects()).isEqualTo(100_000);
    }

    private static TraceReader.Reading read(String lines) throws IOException {
        return TraceReader.read(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    }

    private static int[] objects(Trace trace) {
        var objects = new int[trace.length()];
        for (int i = 0; i < objects.length; i++) objects[i] = trace.object(i);
        return objects;
    }
}
