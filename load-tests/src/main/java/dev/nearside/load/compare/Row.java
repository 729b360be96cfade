package dev.nearside.load.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One line of the comparison: what is asked for, over what, and by how many connections at once.
record Row(Subject subject, Transport transport, int connections) {

    /// What is asked for.
    sealed interface Subject {}

    /// One object, again and again.
    record One(int bytes) implements Subject {}

    /// The objects of [MixedSet], as often as they are popular.
    record Mixed() implements Subject {}

    /// What it is asked over.
    enum Transport {
        HTTP,
        HTTPS,
        HTTP_2
    }

    /// Requests under way at once on one connection of HTTP/2.
    static final int STREAMS = 8;

    private static final int KIB = 1024;

    /// All of them: every size and the mixed set at three numbers of connections, then TLS.
    static List<Row> all() {
        var rows = new ArrayList<Row>();
        var subjects = List.of(new One(KIB), new One(16 * KIB), new One(64 * KIB), new One(KIB * KIB), new Mixed());
        for (var subject : subjects) {
            for (var connections : List.of(1, 32, 256)) rows.add(new Row(subject, Transport.HTTP, connections));
        }
        for (var bytes : List.of(KIB, 64 * KIB, KIB * KIB)) rows.add(new Row(new One(bytes), Transport.HTTPS, 32));
        for (var bytes : List.of(KIB, 64 * KIB)) rows.add(new Row(new One(bytes), Transport.HTTP_2, 32));
        return List.copyOf(rows);
    }

    /// What an operator calls it: `1k-32`, `mixed-1`, `tls-1k-32`, `h2-64k-32`.
    String name() {
        var over = switch (transport) {
            case HTTP -> "";
            case HTTPS -> "tls-";
            case HTTP_2 -> "h2-";
        };
        return over + shortly() + '-' + connections;
    }

    /// Whether it is this one that is meant, or all that begin so: `1k` means `1k-1`, `1k-32` and `1k-256`.
    boolean isMeantBy(String said) {
        return name().equals(said) || name().startsWith(said + '-');
    }

    /// What readers of the table see.
    String title() {
        var what = switch (subject) {
            case One(var bytes) -> size(bytes, " KiB", " MiB");
            case Mixed() -> "mixed";
        };
        var over = switch (transport) {
            case HTTP -> "";
            case HTTPS -> "HTTPS, ";
            case HTTP_2 -> "HTTP/2, ";
        };
        return what + ", " + over + (connections == 1 ? "1 connection" : connections + " connections");
    }

    private String shortly() {
        return switch (subject) {
            case One(var bytes) -> size(bytes, "k", "m").toLowerCase(Locale.ROOT);
            case Mixed() -> "mixed";
        };
    }

    private static String size(int bytes, String kib, String mib) {
        return bytes < KIB * KIB ? bytes / KIB + kib : bytes / (KIB * KIB) + mib;
    }
}
