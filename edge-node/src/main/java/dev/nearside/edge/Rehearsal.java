package dev.nearside.edge;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// A node's start and first answers, played through for the JVM to take notes of (JEP 514, `-XX:AOTCacheOutput`). A
/// node that is started with the notes (`-XX:AOTCache`) need not load, link and profile its classes anew.
///
/// It plays every part itself, on free ports: the origin, the node that stores, the node that is started again, and
/// the viewer.
final class Rehearsal {

    private static final String HERE = "127.0.0.1";
    private static final int OBJECTS = 64;
    private static final int ROUNDS = 16;
    private static final int BODY = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SOCKET_PATIENCE_MILLIS = 10_000;

    private final EdgeSettings settings;

    private Rehearsal(EdgeSettings settings) {
        this.settings = settings;
    }

    /// Plays.
    ///
    /// @param arguments a folder to play in, which whoever calls deletes
    public static void main(String... arguments) throws IOException {
        var folder = Files.createDirectories(Path.of(arguments[0]));
        var config = folder.resolve("nearside.json");
        var vertx = Vertx.vertx();
        try {
            Files.writeString(config, configuration(openOrigin(vertx)));
            var rehearsal = new Rehearsal(EdgeMain.settings(
                    "--config=" + config,
                    "--data=" + folder.resolve("edge"),
                    "--listen=%s:0".formatted(HERE),
                    "--metrics=%s:0".formatted(HERE),
                    "--cache-memory=16MB",
                    "--cache-disk=32MB",
                    "--allow-origins=loopback"));
            rehearsal.play("X-Cache: Miss");
            rehearsal.play("X-Cache: Hit");
        } finally {
            Edge.await("the origin", vertx.close());
        }
    }

    private static int openOrigin(Vertx vertx) throws IOException {
        var body = "a".repeat(BODY);
        return Edge.await(
                "the origin",
                vertx.createHttpServer()
                        .requestHandler(request -> request.response()
                                .putHeader("Cache-Control", "max-age=3600")
                                .putHeader("Content-Type", "text/plain")
                                .end(body))
                        .listen(0, HERE)
                        .map(server -> server.actualPort()));
    }

    private static String configuration(int origin) {
        return """
                { "distributions": [ {
                    "name": "rehearsal", "enabled": true, "aliases": ["%s"],
                    "origins": [ {
                        "id": "site", "domainName": "%s", "httpPort": %d, "originProtocolPolicy": "http-only" } ],
                    "defaultCacheBehavior": {
                        "targetOriginId": "site", "viewerProtocolPolicy": "allow-all",
                        "cachePolicyId": "CachingOptimized" }
                } ] }
                """.formatted(HERE, HERE, origin);
    }

    /// One life of a node.
    ///
    /// @param first what the first viewer of each object is told
    private void play(String first) throws IOException {
        var edge = Edge.start(settings);
        try {
            awaitReady(edge.managementPort());
            for (int i = 0; i < OBJECTS; i++) expect(first, ask(edge.port(), object(i)));
            for (int i = 0; i < OBJECTS * ROUNDS; i++) expect("X-Cache: Hit", ask(edge.port(), object(i % OBJECTS)));
            expect("200 OK", ask(edge.managementPort(), "/metrics"));
        } finally {
            edge.close();
        }
    }

    private static String object(int number) {
        return "/object-" + number;
    }

    private static void awaitReady(int management) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ask(management, "/health/ready").contains("200 OK")) {
            if (System.nanoTime() > deadline) throw new IOException("not ready within " + PATIENCE);
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static String ask(int port, String path) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(SOCKET_PATIENCE_MILLIS);
            socket.getOutputStream()
                    .write("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(path, HERE)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static void expect(String words, String answer) throws IOException {
        if (!answer.contains(words)) {
            throw new IOException("expected %s, but got %s"
                    .formatted(words, answer.lines().findFirst().orElse("nothing")));
        }
    }
}
