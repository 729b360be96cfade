package dev.nearside.load.compare;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Pattern;

/// The sample site, which all caches have in common: it makes a body of any length, and counts who asks.
record Origin(int port) {

    private static final String COUNTS = "/_origin/requests";
    private static final Pattern COUNT = Pattern.compile("\"([^\"]+)\":(\\d+)");

    static String path(int bytes) {
        return "/static/sized/" + bytes;
    }

    URI uri(int bytes) {
        return URI.create("http://127.0.0.1:%d%s".formatted(port, path(bytes)));
    }

    /// How many requests it has had, these questions aside.
    long requests(HttpClient client) throws IOException, InterruptedException {
        var asked = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + COUNTS))
                .timeout(Duration.ofSeconds(30))
                .build();
        return COUNT.matcher(client.send(asked, BodyHandlers.ofString()).body())
                .results()
                .filter(found -> !found.group(1).equals(COUNTS))
                .mapToLong(found -> Long.parseLong(found.group(2)))
                .sum();
    }
}
