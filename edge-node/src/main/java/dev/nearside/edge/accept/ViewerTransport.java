package dev.nearside.edge.accept;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.http1.Http1ServerConnection;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// How viewers' bytes are moved, whoever answers: sockets, event loops, TLS and the pipeline of a connection.
public final class ViewerTransport {

    /// In bytes, the line's end with it.
    public static final int MAX_LINE = 8_192 + 32;

    /// In bytes: all field lines of a request.
    public static final int MAX_HEAD = 32_768;

    private static final int IDLE_SECONDS = 75;

    /// Requests that one HTTP/2 connection may have under way.
    private static final int MAX_STREAMS = 128;

    /// How often an HTTP/2 viewer may take a request back before its connection is ended, and in how many seconds.
    private static final int MOST_RESETS = 200;

    private static final int RESET_SECONDS = 30;

    private ViewerTransport() {}

    /// Event loops that viewers are answered on.
    public static int eventLoops() {
        return VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE;
    }

    /// For HTTP/1.1 in clear text.
    public static HttpServerOptions plain() {
        return new HttpServerOptions()
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(MAX_HEAD)
                .setIdleTimeout(IDLE_SECONDS)
                .setTcpNoDelay(true)
                // HTTP/2 comes with TLS; in clear text it would be a second framing that nobody asked for.
                .setHttp2ClearTextEnabled(false)
                // What upgrades a connection is for the origin to agree to.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
    }

    /// For HTTP/2 and HTTP/1.1 over TLS; by the native library, if there is one for this machine.
    public static HttpServerOptions secure(KeyCertOptions certificates) {
        var options = plain().setSsl(true)
                .setUseAlpn(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
                .setKeyCertOptions(certificates)
                .setInitialSettings(
                        new Http2Settings().setMaxConcurrentStreams(MAX_STREAMS).setMaxHeaderListSize(MAX_HEAD))
                .setHttp2RstFloodMaxRstFramePerWindow(MOST_RESETS)
                .setHttp2RstFloodWindowDuration(RESET_SECONDS)
                .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS);
        if (isNativeTls()) options.setSslEngineOptions(new OpenSSLEngineOptions());
        return options;
    }

    /// Whether TLS is done by the native library; by the JDK it is slower.
    public static boolean isNativeTls() {
        return OpenSSLEngineOptions.isAvailable();
    }

    /// Takes out of a new connection's pipeline what nobody needs, and puts in what long bodies need.
    public static void prepare(HttpConnection connection) {
        if (!(connection instanceof ConnectionBase base)) return;
        var pipeline = base.channel().pipeline();
        withoutFiles(pipeline);
        // HTTP/2 has pieces of its own, and windows.
        if (connection instanceof Http1ServerConnection) Piecewise.guard(pipeline);
    }

    /// The transport puts every message through a queue for bodies that lie in files, which ours do not.
    private static void withoutFiles(ChannelPipeline pipeline) {
        var files = pipeline.get(ChunkedWriteHandler.class);
        if (files != null) pipeline.remove(files);
    }
}
