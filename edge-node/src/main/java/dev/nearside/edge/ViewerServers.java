package dev.nearside.edge;

import dev.nearside.edge.accept.Certificates;
import dev.nearside.edge.accept.Http1Wire;
import dev.nearside.edge.accept.Http2Wire;
import dev.nearside.edge.accept.ViewerCertificates;
import dev.nearside.edge.accept.ViewerTransport;
import dev.nearside.edge.respond.ErrorPage;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where viewers come in: HTTP/1.1 in clear text, and HTTP/2 and HTTP/1.1 over TLS.
final class ViewerServers {

    private static final Logger LOG = LoggerFactory.getLogger(ViewerServers.class);
    private static final long NOT_LOOKING = -1;

    private static final SecureRandom SEEDS = new SecureRandom();

    private final Vertx vertx;
    private final Duration toFinish;
    private final Http1Wire.Rules rules;
    private final RequestPath path;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final List<HttpServer> secureServers = new CopyOnWriteArrayList<>();
    private volatile boolean leaving;
    private @Nullable ViewerCertificates certificates;
    private int port;
    private int securePort;
    private long looking = NOT_LOOKING;

    private ViewerServers(Vertx vertx, EdgeSettings.Viewers viewers, RequestPath path) {
        this.vertx = vertx;
        this.toFinish = viewers.toFinish();
        this.rules = new Http1Wire.Rules(
                ViewerTransport.MAX_LINE, ViewerTransport.MAX_HEAD, viewers.forHead(), refusal(), () -> leaving);
        this.path = path;
    }

    /// Opens the ports; viewers are answered when this returns.
    ///
    /// @param certificates to show, if TLS is to be spoken
    /// @throws IOException with a message for the operator
    static ViewerServers open(
            Vertx vertx, EdgeSettings.Viewers viewers, Optional<ViewerCertificates> certificates, RequestPath path)
            throws IOException {
        var opened = new ViewerServers(vertx, viewers, path);
        opened.port = opened.listen("--listen", viewers.listen(), ViewerTransport.plain(), opened.servers);
        if (viewers.secure().isPresent()) opened.secure(viewers.secure().get(), certificates.orElseThrow());
        return opened;
    }

    int port() {
        return port;
    }

    /// 0 if TLS is not spoken.
    int securePort() {
        return securePort;
    }

    List<Certificates.Expiry> expiries() {
        return certificates == null ? List.of() : certificates.expiries();
    }

    private void secure(EdgeSettings.Secure secure, ViewerCertificates shown) throws IOException {
        certificates = shown;
        var options = ViewerTransport.secure(shown.options()).setSni(true);
        if (!ViewerTransport.isNativeTls()) {
            LOG.warn("TLS is done by the JDK, which is slower: there is no native library for this machine");
        }
        securePort = listen("--listen-tls", secure.listen(), options, secureServers);
        looking = vertx.setPeriodic(
                secure.lookAgain().toMillis(),
                _ -> vertx.executeBlocking(() -> {
                    shown.reload();
                    return null;
                }));
        shown.listen(() -> show(shown.options()));
        // What came while the port was opened.
        show(shown.options());
    }

    private Future<Void> show(KeyCertOptions certificates) {
        var shown = new ArrayList<Future<Boolean>>();
        for (var server : secureServers) {
            var options = new ServerSSLOptions().setSni(true).setKeyCertOptions(certificates);
            options.setUseAlpn(true).setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
            shown.add(server.updateSSLOptions(options, true)
                    .onFailure(failure -> LOG.error("Still showing the certificates of before", failure)));
        }
        return Future.join(shown).mapEmpty();
    }

    /// One server for each event loop; all of them share the port.
    ///
    /// @return the port
    private int listen(String option, EdgeSettings.Address where, HttpServerOptions options, List<HttpServer> opened)
            throws IOException {
        // Vert.x gives servers that listen on one negative number one free port.
        int shared = options.isSsl() ? -2 : -1;
        var bound = new AtomicInteger(where.port() == 0 ? shared : where.port());
        Edge.awaitPort(
                option,
                where,
                vertx.deployVerticle(
                        () -> new Listener(options, where.host(), bound.get(), bound, opened),
                        new DeploymentOptions().setInstances(ViewerTransport.eventLoops())));
        return bound.get();
    }

    private final class Listener extends VerticleBase {
        private final HttpServerOptions options;
        private final String host;
        private final int port;
        private final AtomicInteger bound;
        private final List<HttpServer> opened;

        Listener(HttpServerOptions options, String host, int port, AtomicInteger bound, List<HttpServer> opened) {
            this.options = options;
            this.host = host;
            this.port = port;
            this.bound = bound;
            this.opened = opened;
        }

        @Override
        public Future<?> start() {
            var warm = new WarmHits(path, SEEDS.nextLong());
            var streams = new WarmStreams(path, SEEDS.nextLong());
            return vertx.createHttpServer(options)
                    .connectionHandler(connection -> {
                        // What breaks a connection is told to its requests.
                        connection.exceptionHandler(_ -> {});
                        ViewerTransport.prepare(connection);
                        Http1Wire.guard(connection, rules, path::serve, warm.on(connection));
                        Http2Wire.guard(connection, () -> leaving, streams.on(connection));
                    })
                    .requestHandler(path::serve)
                    .listen(port, host)
                    .onSuccess(server -> {
                        bound.set(server.actualPort());
                        opened.add(server);
                    });
        }
    }

    /// Takes nobody in any more, finishes what is under way within bounds, and ends all connections.
    void close() throws IOException {
        leaving = true;
        vertx.cancelTimer(looking);
        var all = new CopyOnWriteArrayList<>(servers);
        all.addAll(secureServers);
        var ended = all.stream().map(server -> server.shutdown(toFinish)).toList();
        Edge.await("the listeners", Future.join(ended), toFinish.toSeconds() + 5);
    }

    private static String refusal() {
        var page = ErrorPage.of(400, "-", Optional.empty());
        return """
                HTTP/1.1 400 Bad Request\r
                Content-Type: %s\r
                Content-Length: %d\r
                Server: nearside\r
                X-Cache: Error from nearside\r
                Connection: close\r
                \r
                %s""".formatted(page.contentType(), page.body().length(), page.body());
    }
}
