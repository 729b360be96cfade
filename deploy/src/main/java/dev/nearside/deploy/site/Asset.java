package dev.nearside.deploy.site;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/// One file of the site, ready to send, plain and packed.
record Asset(String contentType, String cacheControl, Representation plain, Representation packed) {

    /// The bytes of one content coding, with the tag that belongs to them alone.
    record Representation(Content content, Validators validators) {}

    /// Bytes that nobody may change once they are loaded.
    static final class Content {
        private final byte[] bytes;

        Content(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        byte[] bytes() {
            return bytes.clone();
        }

        int length() {
            return bytes.length;
        }
    }

    /// The files of the site, read from the class path when first asked for.
    static final class Shelf {

        /// All files are as old as the release; a fixed date keeps their answers repeatable.
        static final Instant RELEASED = Instant.parse("2026-01-01T00:00:00Z");

        private final ConcurrentHashMap<String, Optional<Asset>> known = new ConcurrentHashMap<>();

        Optional<Asset> find(String path) {
            var file = path.endsWith("/") ? path + "index.html" : path;
            if (!file.matches("(/[a-z0-9-]+)*/[a-z0-9-]+\\.(html|css|js|svg|txt)")) return Optional.empty();
            var found = known.get(file);
            if (found != null) return found;
            var loaded = load(file);
            if (loaded.isPresent()) known.put(file, loaded); // misses are not remembered: anybody can invent names
            return loaded;
        }

        private static Optional<Asset> load(String file) {
            try (var in = Asset.class.getResourceAsStream("/site" + file)) {
                if (in == null) return Optional.empty();
                var bytes = in.readAllBytes();
                var tag = tagOf(bytes);
                return Optional.of(new Asset(
                        contentType(file),
                        cacheControl(file),
                        new Representation(new Content(bytes), new Validators('"' + tag + '"', RELEASED)),
                        new Representation(new Content(pack(bytes)), new Validators('"' + tag + "-gz\"", RELEASED))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String contentType(String file) {
            return switch (file.substring(file.lastIndexOf('.') + 1)) {
                case "html" -> "text/html; charset=utf-8";
                case "css" -> "text/css; charset=utf-8";
                case "js" -> "text/javascript; charset=utf-8";
                case "svg" -> "image/svg+xml";
                case "txt" -> "text/plain; charset=utf-8";
                default -> "application/octet-stream";
            };
        }

        /// Pages change with every release and are asked for again soon; what they are made of keeps for a day.
        private static String cacheControl(String file) {
            return file.startsWith("/static/") ? "public, max-age=86400" : "public, max-age=60";
        }

        private static byte[] pack(byte[] bytes) throws IOException {
            var out = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(out)) {
                gzip.write(bytes);
            }
            return out.toByteArray();
        }

        static String tagOf(byte[] bytes) {
            try {
                var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
                return HexFormat.of().formatHex(digest, 0, 8);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }

        static String tagOf(String text) {
            return tagOf(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
