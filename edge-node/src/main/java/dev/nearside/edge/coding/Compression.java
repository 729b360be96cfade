package dev.nearside.edge.coding;

import dev.nearside.edge.http.CacheControl;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.key.AcceptedCodings;
import dev.nearside.edge.route.Routed.Route;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/// Whether an origin's answer is compressed before it is stored and sent (CF§8).
public sealed interface Compression {

    /// It is, for this viewer and for all who share the key.
    record Into(Coding coding) implements Compression {}

    /// It would be for viewers who accept more: caches behind us must know that.
    record Offered() implements Compression {}

    /// It is passed on as it came.
    record Untouched() implements Compression {}

    /// Bytes that a body has at the least; smaller ones gain nothing.
    long SMALLEST = 1_000;

    /// Bytes that a body has at the most.
    long LARGEST = 10_000_000;

    /// The verdict on an answer's head.
    ///
    /// @param accepted what the viewer takes of what the cache policy tells apart
    /// @param length that the origin announced; without one nothing is compressed
    /// @param makeable what this node can make
    static Compression of(
            Route route,
            AcceptedCodings accepted,
            int status,
            Headers headers,
            OptionalLong length,
            Set<Coding> makeable) {
        boolean wanted = route.behavior().compress()
                && route.selectors().codings()
                && route.request().isGetOrHead()
                && !route.cachePolicy().ttl().disableCaching();
        if (!wanted || !isCompressible(status, headers, length)) return new Untouched();
        for (var coding : Coding.values()) {
            if (makeable.contains(coding) && names(accepted, coding)) return new Into(coding);
        }
        return new Offered();
    }

    /// The normalised value is a list of whole words, of which none begins or ends another.
    private static boolean names(AcceptedCodings accepted, Coding coding) {
        return accepted.keyed().isPresent() && accepted.keyed().get().contains(coding.token());
    }

    private static boolean isCompressible(int status, Headers headers, OptionalLong length) {
        if (status != 200 && status != 403 && status != 404) return false;
        if (length.isEmpty() || length.getAsLong() < SMALLEST || length.getAsLong() > LARGEST) return false;
        if (headers.has("Content-Encoding") || headers.has("Content-Range")) return false;
        var type = headers.first("Content-Type");
        return type.isPresent() && TYPES.contains(mediaType(type.get())) && mayTransform(headers);
    }

    private static String mediaType(String value) {
        int semicolon = value.indexOf(';');
        return (semicolon < 0 ? value : value.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    /// RFC 9111, section 5.2.2.6; in whichever field it is said.
    private static boolean mayTransform(Headers headers) {
        return !CacheControl.of(headers).noTransform()
                && !headers.joined("Cache-Control")
                        .map(CacheControl::parse)
                        .orElse(CacheControl.SILENT)
                        .noTransform();
    }

    /// The types that CloudFront compresses, all of them.
    Set<String> TYPES = Set.of(
            "application/dash+xml",
            "application/eot",
            "application/font",
            "application/font-sfnt",
            "application/javascript",
            "application/json",
            "application/opentype",
            "application/otf",
            "application/pdf",
            "application/pkcs7-mime",
            "application/protobuf",
            "application/rss+xml",
            "application/truetype",
            "application/ttf",
            "application/vnd.apple.mpegurl",
            "application/vnd.mapbox-vector-tile",
            "application/vnd.ms-fontobject",
            "application/wasm",
            "application/xhtml+xml",
            "application/xml",
            "application/x-font-opentype",
            "application/x-font-truetype",
            "application/x-font-ttf",
            "application/x-httpd-cgi",
            "application/x-javascript",
            "application/x-mpegurl",
            "application/x-opentype",
            "application/x-otf",
            "application/x-perl",
            "application/x-ttf",
            "font/eot",
            "font/opentype",
            "font/otf",
            "font/ttf",
            "image/svg+xml",
            "text/css",
            "text/csv",
            "text/html",
            "text/javascript",
            "text/js",
            "text/plain",
            "text/richtext",
            "text/tab-separated-values",
            "text/xml",
            "text/x-component",
            "text/x-java-source",
            "text/x-script",
            "vnd.apple.mpegurl");
}
