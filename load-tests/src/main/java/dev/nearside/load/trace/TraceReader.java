package dev.nearside.load.trace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// Reads a trace from lines of `time key size`, or of an access log in Common Log Format or Combined Log Format.
///
/// Of an access log only those requests count that a cache may answer: GET and HEAD with a status that can be stored,
/// or 206 or 304. The target is the key. Empty lines and lines that begin with `#` are passed over.
public final class TraceReader {

    /// What was read, and what was left out.
    ///
    /// @param passed requests that no cache answers
    /// @param unreadable lines that are neither; the first of them with its number
    public record Reading(Trace trace, long passed, long unreadable, Optional<String> firstUnreadable) {}

    private static final Pattern BLANKS = Pattern.compile("\\s+");
    // host ident user [time] "GET /target HTTP/1.1" status bytes, and whatever follows.
    private static final Pattern COMMON =
            Pattern.compile("\\S+ \\S+ .*?\\[[^]]*] \"([A-Z]+) (\\S+)(?: [^\"]*)?\" (\\d{3}) (\\d+|-)(?: .*)?");
    private static final Set<String> METHODS = Set.of("GET", "HEAD");
    private static final Set<String> STATUSES =
            Set.of("200", "203", "204", "206", "300", "301", "304", "308", "404", "405", "410", "414", "501");

    private final Trace.Builder trace = new Trace.Builder();
    private long passed;
    private long unreadable;
    private @Nullable String firstUnreadable;

    private TraceReader() {}

    /// Reads a file.
    ///
    /// @param file `-` for the standard input; one that ends in `.gz` is unpacked
    public static Reading read(Path file) throws IOException {
        if (file.toString().equals("-")) return read(System.in);
        try (var bytes = Files.newInputStream(file)) {
            return read(file.toString().endsWith(".gz") ? new GZIPInputStream(bytes, 1 << 16) : bytes);
        }
    }

    static Reading read(InputStream bytes) throws IOException {
        var reader = new TraceReader();
        // Keys are bytes to us: any byte is a character here, and none is an error.
        var lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.ISO_8859_1), 1 << 16);
        long number = 0;
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) continue;
            if (!reader.take(line)) reader.note(number, line);
        }
        return new Reading(
                reader.trace.build(), reader.passed, reader.unreadable, Optional.ofNullable(reader.firstUnreadable));
    }

    private void note(long number, String line) {
        if (unreadable++ == 0) {
            firstUnreadable =
                    "line %d: %s".formatted(number, line.length() > 120 ? line.substring(0, 120) + "…" : line);
        }
    }

    private boolean take(String line) {
        return line.indexOf('"') < 0 ? takePlain(line) : takeCommon(line);
    }

    private boolean takePlain(String line) {
        // One word too many shows that there are too many.
        var words = BLANKS.split(line.strip(), 4);
        if (words.length != 3) return false;
        long size = size(words[2]);
        if (size < 0) return false;
        trace.request(hash(words[1]), size);
        return true;
    }

    private boolean takeCommon(String line) {
        var found = COMMON.matcher(line);
        if (!found.matches()) return false;
        if (!METHODS.contains(found.group(1)) || !STATUSES.contains(found.group(3))) {
            passed++;
            return true;
        }
        long size = found.group(4).equals("-") ? 0 : size(found.group(4));
        if (size < 0) return false;
        trace.request(hash(found.group(2)), size);
        return true;
    }

    private static long size(String said) {
        if (said.isEmpty() || said.length() > 15) return -1;
        for (int i = 0; i < said.length(); i++) if (said.charAt(i) < '0' || said.charAt(i) > '9') return -1;
        return Long.parseLong(said);
    }

    // FNV-1a, and a finalizer, since its high bits are weak.
    private static long hash(String key) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        return Trace.hash(hash);
    }
}
