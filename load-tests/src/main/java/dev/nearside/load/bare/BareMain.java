package dev.nearside.load.bare;

import dev.nearside.edge.accept.ViewerTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Answers `/static/sized/BYTES` from direct buffers, and does nothing else: what the edge's stack can do at best.
///
/// It runs on the edge's own jars, with the edge's JVM arguments and on its transport: {@link ViewerTransport}.
public final class BareMain {

    private static final String SIZED = "/static/sized/";
    private static final CharSequence TYPE = HttpHeaders.createOptimized("application/octet-stream");

    private final ConcurrentHashMap<String, Body> bodies = new ConcurrentHashMap<>();

    private record Body(ByteBuf bytes, CharSequence length) {}

    private BareMain() {}

    /// Listens until it is ended.
    ///
    /// @param args port, port of TLS, PEM files of certificate and key
    public static void main(String[] args) throws Exception {
        var bare = new BareMain();
        var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        var certificate = new PemKeyCertOptions().setCertPath(args[2]).setKeyPath(args[3]);
        bare.listen(vertx, ViewerTransport.plain(), Integer.parseInt(args[0]));
        bare.listen(vertx, ViewerTransport.secure(certificate), Integer.parseInt(args[1]));
    }

    private void listen(Vertx vertx, HttpServerOptions options, int port) throws Exception {
        vertx.deployVerticle(
                        () -> new VerticleBase() {
                            @Override
                            public Future<?> start() {
                                return vertx.createHttpServer(options)
                                        .connectionHandler(ViewerTransport::prepare)
                                        .requestHandler(BareMain.this::answer)
                                        .listen(port, "127.0.0.1");
                            }
                        },
                        new DeploymentOptions().setInstances(ViewerTransport.eventLoops()))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private void answer(HttpServerRequest request) {
        var path = request.path();
        if (path == null || !path.startsWith(SIZED)) {
            request.response().setStatusCode(404).end();
            return;
        }
        var body = bodies.get(path);
        if (body == null) body = bodies.computeIfAbsent(path, BareMain::make);
        var response = request.response();
        response.headers().set(HttpHeaders.CONTENT_TYPE, TYPE).set(HttpHeaders.CONTENT_LENGTH, body.length());
        response.end(BufferInternal.buffer(body.bytes().duplicate()));
    }

    /// Random bytes, since pages that were never written are all one page.
    private static Body make(String path) {
        var bytes = new byte[Integer.parseInt(path.substring(SIZED.length()))];
        new Random(bytes.length).nextBytes(bytes);
        var direct = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
        return new Body(
                Unpooled.unreleasableBuffer(direct), HttpHeaders.createOptimized(Integer.toString(bytes.length)));
    }
}
