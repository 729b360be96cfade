package dev.nearside.load.compare;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Asks one thing at a time and looks closely at the answer.
final class Viewer implements AutoCloseable {

    private static final int SAMPLES = 20;
    private static final String CIPHER = "TLS_AES_128_GCM_SHA256";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Origin origin;
    private final HttpClient http1;
    private final HttpClient http2;

    /// @param certificate what the servers show
    Viewer(Origin origin, Path certificate) throws IOException, InterruptedException {
        this.origin = origin;
        var trusting = trusting(certificate);
        var offered = trusting.getDefaultSSLParameters();
        offered.setCipherSuites(new String[] {CIPHER});
        http1 = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trusting)
                .sslParameters(offered)
                .build();
        http2 = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(trusting)
                .sslParameters(offered)
                .build();
        // The site counts the first two thousand paths by name; its own, by which it is left out, must be among them.
        origin.requests(http1);
    }

    /// How often the caches have asked the origin.
    long tripsToOrigin() throws IOException, InterruptedException {
        return origin.requests(http1);
    }

    /// What is wrong with the answers to this row, if anything.
    Optional<String> fault(Server server, Row row) throws IOException, InterruptedException {
        for (var length : samples(row.subject())) {
            var client = switch (row.transport()) {
                case HTTP, HTTPS -> http1;
                case HTTP_2 -> http2;
            };
            var fault = fault(server, row, length, get(client, server.uri(row.transport(), length)));
            if (fault.isPresent()) return fault;
        }
        return Optional.empty();
    }

    private Optional<String> fault(Server server, Row row, int length, HttpResponse<byte[]> answer)
            throws IOException, InterruptedException {
        if (answer.statusCode() != 200) return Optional.of("status " + answer.statusCode());
        if (answer.body().length != length) {
            return Optional.of("%d bytes (expected: %d)".formatted(answer.body().length, length));
        }
        if (server.peer().isCache() && !Arrays.equals(answer.body(), original(length))) {
            return Optional.of("not the origin's bytes");
        }
        if (!server.hit().test(answer.headers())) {
            return Optional.of("no hit from memory: " + answer.headers().map());
        }
        return switch (row.transport()) {
            case HTTP -> Optional.empty();
            case HTTPS -> otherCipher(answer);
            case HTTP_2 ->
                answer.version() == HttpClient.Version.HTTP_2 ? otherCipher(answer) : Optional.of("no HTTP/2");
        };
    }

    private byte[] original(int length) throws IOException, InterruptedException {
        return get(http1, origin.uri(length)).body();
    }

    private static Optional<String> otherCipher(HttpResponse<byte[]> answer) {
        var chosen = answer.sslSession().orElseThrow().getCipherSuite();
        return chosen.equals(CIPHER)
                ? Optional.empty()
                : Optional.of("cipher " + chosen + " (expected: " + CIPHER + ")");
    }

    private static int[] samples(Row.Subject subject) {
        return switch (subject) {
            case Row.One(var bytes) -> new int[] {bytes};
            case Row.Mixed() ->
                IntStream.range(0, SAMPLES)
                        .map(sample -> MixedSet.length(sample * (MixedSet.OBJECTS / SAMPLES)))
                        .toArray();
        };
    }

    private static HttpResponse<byte[]> get(HttpClient client, URI uri) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofByteArray());
    }

    private static SSLContext trusting(Path certificate) throws IOException {
        try (InputStream in = Files.newInputStream(certificate)) {
            var known = KeyStore.getInstance(KeyStore.getDefaultType());
            known.load(null, null);
            known.setCertificateEntry(
                    "servers", CertificateFactory.getInstance("X.509").generateCertificate(in));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(known);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        http1.close();
        http2.close();
    }
}
