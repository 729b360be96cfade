package dev.nearside.load.bench;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.key.CacheKeys;
import dev.nearside.edge.route.Routed;
import dev.nearside.edge.route.RoutingTable;
import dev.nearside.model.check.Checked;
import dev.nearside.model.snapshot.Snapshot;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.SnapshotMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// The site that all benchmarks are about: its configuration, what a browser asks of it, and what its origin says.
final class Sample {

    private static final String ACCEPTED = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

    private Sample() {}

    /// A distribution of seven behaviors; what lies under `/assets` is met by the sixth of them.
    static RoutingTable routes() {
        try (var file = Objects.requireNonNull(Sample.class.getResourceAsStream("site.json"), "site.json")) {
            var read = Json.read(file.readAllBytes(), ConfigurationDocument.class)
                    .then(document -> SnapshotMessage.of(1, document).snapshot());
            return switch (read) {
                case Checked.Valid<Snapshot>(var snapshot) -> RoutingTable.of(snapshot);
                case Checked.Invalid<Snapshot>(var problems) ->
                    throw new IllegalStateException("site.json: " + problems);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As a browser asks, with a dozen header fields.
    static ViewerRequest request(String path, Optional<String> query) {
        var headers = Headers.of(
                "Host", "www.example.com",
                "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Accept", ACCEPTED,
                "Accept-Language", "de,en-US;q=0.7,en;q=0.3",
                "Accept-Encoding", "gzip, deflate, br, zstd",
                "Referer", "https://www.example.com/pages/coats?page=2",
                "Connection", "keep-alive",
                "Cookie", "session=1f3a9c; currency=EUR; seen=42.17.3",
                "Sec-Fetch-Dest", "image",
                "Sec-Fetch-Mode", "no-cors",
                "Sec-Fetch-Site", "same-origin",
                "Priority", "u=5");
        return new ViewerRequest(
                "GET", "https", "www.example.com", path, query, headers, "1.1", "192.0.2.7", 4711, "0f9f4d5c8f7a4f1e");
    }

    static Routed.Route route(RoutingTable routes, ViewerRequest request) {
        if (routes.route(request) instanceof Routed.Route route) return route;
        throw new IllegalStateException(request.rawPath() + " leads nowhere");
    }

    static String path(int number) {
        return "/assets/coats/winter/article-%06d.webp".formatted(number);
    }

    static CacheKey key(RoutingTable routes, int number) {
        return CacheKeys.of(route(routes, request(path(number), Optional.empty())));
    }

    /// A response that lives for a day from that moment on.
    static StoredResponse response(Instant receivedAt) {
        var headers = Headers.of(
                "Date", "Sun, 22 Nov 2026 06:21:33 GMT",
                "Content-Type", "image/webp",
                "Cache-Control", "public, max-age=86400, stale-while-revalidate=600",
                "ETag", "\"5f3c-61a2b4c8d9e0f\"",
                "Last-Modified", "Sat, 21 Nov 2026 17:03:12 GMT",
                "Cache-Tag", "coats, winter, article-4711",
                "Vary", "Accept-Encoding");
        return new StoredResponse(200, headers, receivedAt.minusMillis(40), receivedAt, LogPosition.NONE);
    }
}
