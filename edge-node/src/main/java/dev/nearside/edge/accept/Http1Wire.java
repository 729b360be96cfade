package dev.nearside.edge.accept;

import dev.nearside.edge.store.OwnBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Handler;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.headers.Http1xHeaders;
import io.vertx.core.http.impl.http1.Http1ServerConnection;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One viewer's HTTP/1.1 connection below the requests: strict framing (RFC 9112), bounded patience, an orderly end.
///
/// The transport's own decoder joins folded lines, takes any white space for a separator in a request line and cuts
/// control bytes off values. A reader before us may see another message in such bytes, so here they are none.
///
/// All calls come on the connection's event loop.
@SuppressWarnings("FutureReturnValueIgnored") // the pipeline tells of failures, by the end of the connection
public final class Http1Wire {

    /// What holds for all connections of a node.
    ///
    /// @param maxLine bytes of a request line
    /// @param maxHead bytes of all field lines
    /// @param forHead time from the first byte of a head to its last
    /// @param refusal a whole answer, said where a body breaks the framing before its request was answered
    /// @param leaving whether the node is about to stop, and each answer the last on its connection
    public record Rules(int maxLine, int maxHead, Duration forHead, String refusal, BooleanSupplier leaving) {}

    /// How long somebody who sends no more may wait for the next byte of the answer: closed for good and closed for
    /// sending look alike.
    private static final Duration FOR_SILENT_VIEWER = Duration.ofSeconds(2);

    /// How long a refused viewer may go on sending: closing earlier would take the answer away from it (RFC 9112,
    /// section 9.6).
    private static final Duration FOR_LAST_WORDS = Duration.ofSeconds(2);

    private final Decoder decoder;
    private final Rules rules;
    private final Handler<HttpServerRequest> serve;
    private final Shortcut shortcut;
    private int unanswered;
    private boolean answering;
    private boolean silent;
    private boolean switched;
    private boolean last;
    private boolean refused;
    private boolean ending;
    private long progress;

    private Http1Wire(Rules rules, Handler<HttpServerRequest> serve, Shortcut shortcut) {
        this.rules = rules;
        this.serve = serve;
        this.shortcut = shortcut;
        this.decoder = new Decoder(rules);
    }

    /// Puts a new connection under these rules, before anything is read from it; other protocols are left alone.
    ///
    /// @param serve gets the requests, and those that are to be refused
    /// @param shortcut is asked before, and may answer by itself
    public static void guard(
            HttpConnection connection, Rules rules, Handler<HttpServerRequest> serve, Shortcut shortcut) {
        if (!(connection instanceof Http1ServerConnection http1)) return;
        var channel = http1.channel();
        var pipeline = channel.pipeline();
        var wire = new Http1Wire(rules, serve, shortcut);
        http1.handler(wire::next);
        http1.invalidRequestHandler(wire::next);
        pipeline.replace("httpDecoder", "httpDecoder", wire.decoder);
        pipeline.addBefore("handler", "answers", wire.new Answers());
        OwnBytes.guard(pipeline);
        Idleness.guard(pipeline);
        if (channel instanceof DuplexChannel && pipeline.get(SslHandler.class) == null) {
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
    }

    /// Who has been told that the connection ends gets no further answer, and does nothing any more (RFC 9112,
    /// section 9.6); the transport would go on with what it has read already.
    private void next(HttpServerRequest request) {
        if (!last) serve.handle(request);
    }

    /// A head or body that is not what it should be.
    static final class FramingException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        FramingException(String message) {
            super(message);
        }
    }

    private final class Decoder extends VertxHttpRequestDecoder {
        private final Duration patience;
        private boolean inHead = true;
        private boolean atStart = true;
        private boolean deaf;
        private int wordEnd;
        private int lengths;
        private @Nullable ScheduledFuture<?> deadline;

        Decoder(Rules rules) {
            super(new Http1ServerConfig()
                    .setMaxInitialLineLength(rules.maxLine())
                    .setMaxHeaderSize(rules.maxHead()));
            this.patience = rules.forHead();
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Exception {
            if (deaf) {
                bytes.skipBytes(bytes.readableBytes());
            } else if (inHead) {
                head(context, bytes, out);
            } else {
                super.decode(context, bytes, out);
                body(context, out);
            }
        }

        private void head(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Exception {
            DecoderResult mark = null;
            if (atStart
                    && unanswered == 0
                    && !last
                    && !silent
                    && !rules.leaving().getAsBoolean()) {
                if (shortcut.answer(bytes, context)) {
                    bytes.skipBytes(bytes.readableBytes());
                    return;
                }
                mark = shortcut.mark(bytes);
            }
            int from = bytes.readerIndex();
            super.decode(context, bytes, out);
            atStart = false;
            if (out.isEmpty()) {
                if (!areClean(bytes, from, bytes.readerIndex())) {
                    refuse(bytes, out);
                } else if (deadline == null) {
                    deadline = context.executor()
                            .schedule(() -> late(context), patience.toMillis(), TimeUnit.MILLISECONDS);
                }
                return;
            }
            forgetDeadline();
            unanswered++;
            var request = (HttpRequest) out.getFirst();
            if (request.decoderResult().isFailure()) {
                deaf = true;
            } else if (!areClean(bytes, from, bytes.readerIndex())) {
                refuse(bytes, out);
            } else {
                atStart = inHead = out.getLast() instanceof LastHttpContent;
                if (mark != null && !bytes.isReadable()) request.setDecoderResult(mark);
            }
        }

        private void refuse(ByteBuf bytes, List<Object> out) {
            if (out.isEmpty()) unanswered++;
            forgetDeadline();
            deaf = true;
            out.clear();
            bytes.skipBytes(bytes.readableBytes());
            var request = createInvalidMessage();
            request.setDecoderResult(DecoderResult.failure(new FramingException("folded line or control byte")));
            out.add(request);
        }

        private void body(ChannelHandlerContext context, List<Object> out) {
            if (out.isEmpty()) return;
            var last = (HttpObject) out.getLast();
            if (last.decoderResult().isFailure()) {
                deaf = true;
                refused = unanswered == 1 && !answering;
                if (refused) context.writeAndFlush(Unpooled.copiedBuffer(rules.refusal(), StandardCharsets.UTF_8));
            } else {
                atStart = inHead = last instanceof LastHttpContent;
            }
        }

        /// Nobody waits for ever for the rest of a head; unless it is our answer to an earlier one that takes so long.
        private void late(ChannelHandlerContext context) {
            deadline = null;
            if (unanswered == 0) {
                context.close();
            } else {
                deadline = context.executor().schedule(() -> late(context), patience.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        private void forgetDeadline() {
            if (deadline == null) return;
            deadline.cancel(false);
            deadline = null;
        }

        @Override
        protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
            switched = true;
            forgetDeadline();
            super.handlerRemoved0(context);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            super.userEventTriggered(context, event);
            if (event instanceof ChannelInputShutdownEvent) {
                silent = true;
                forgetDeadline();
                if (ending) context.close();
                else if (unanswered == 0) closeBehindAnswers(context);
                else awaitProgress(context, progress);
            }
        }

        /// Answers that were written may be on their way still.
        private void closeBehindAnswers(ChannelHandlerContext context) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> context.close());
        }

        /// Whether bytes wait for the viewer to take them. One who is gone for good refuses them at once, one who stays
        /// and takes none is silent for too long.
        private static boolean isSending(ChannelHandlerContext context) {
            var waiting = context.channel().unsafe().outboundBuffer();
            return waiting != null && !waiting.isEmpty();
        }

        /// Of an answer; who has changed to another protocol may say nothing for long.
        private void awaitProgress(ChannelHandlerContext context, long seen) {
            context.executor()
                    .schedule(
                            () -> {
                                if (switched) return;
                                if (progress == seen && !isSending(context)) context.close();
                                else awaitProgress(context, progress);
                            },
                            FOR_SILENT_VIEWER.toMillis(),
                            TimeUnit.MILLISECONDS);
        }

        /// One space, no more and nothing else, between the parts of a request line (RFC 9112, section 3).
        @Override
        protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
            if (start != 0 || length == 0) throw new FramingException("white space before the method");
            wordEnd = length;
            lengths = 0;
            return super.splitFirstWordInitialLine(line, start, length);
        }

        @Override
        protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
            if (start != wordEnd + 1 || line[wordEnd] != ' ') throw new FramingException("request line");
            wordEnd = start + length;
            return super.splitSecondWordInitialLine(line, start, length);
        }

        @Override
        protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
            if (start != wordEnd + 1 || line[wordEnd] != ' ') throw new FramingException("request line");
            return super.splitThirdWordInitialLine(line, start, length);
        }

        @Override
        protected HttpMessage createMessage(String[] line) {
            if (!line[2].equals("HTTP/1.1") && !line[2].equals("HTTP/1.0")) throw new FramingException("HTTP version");
            return super.createMessage(line);
        }

        @Override
        protected HttpMessage createInvalidMessage() {
            return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/", Http1xHeaders.httpHeaders());
        }

        @Override
        protected AsciiString splitHeaderName(byte[] line, int start, int length) {
            if (length == 0) throw new FramingException("field without a name");
            var name = super.splitHeaderName(line, start, length);
            // The draft that had it (hixie-76) let eight bytes follow a head that announces no body.
            if (length == 18 && name.contentEqualsIgnoreCase("Sec-WebSocket-Key1")) {
                throw new FramingException("WebSocket draft");
            }
            // The transport's decoder takes the first of several in HTTP/1.0.
            if (length == 14 && name.contentEqualsIgnoreCase(HttpHeaderNames.CONTENT_LENGTH) && ++lengths > 1) {
                throw new FramingException("two lengths");
            }
            return name;
        }
    }

    /// Whether whole lines of a head hold no control byte but tabs, no lone CR or LF and no folded line.
    ///
    /// Looks at eight bytes at once while they hold nothing special.
    static boolean areClean(ByteBuf bytes, int from, int to) {
        boolean lineBegins = true;
        int i = from;
        while (i < to) {
            if (!lineBegins && i + 8 <= to && hasNoControl(bytes.getLongLE(i))) {
                i += 8;
                continue;
            }
            byte b = bytes.getByte(i);
            if (lineBegins && (b == ' ' || b == '\t')) return false;
            lineBegins = false;
            if (b == '\r') {
                if (i + 1 >= to || bytes.getByte(i + 1) != '\n') return false;
                lineBegins = true;
                i++;
            } else if (b == 127 || (b >= 0 && b < ' ' && b != '\t')) {
                return false;
            }
            i++;
        }
        return true;
    }

    private static boolean hasNoControl(long eight) {
        long below = (eight - 0x2020202020202020L) & ~eight;
        long deletes = eight ^ 0x7F7F7F7F7F7F7F7FL;
        long deleted = (deletes - 0x0101010101010101L) & ~deletes;
        return ((below | deleted) & 0x8080808080808080L) == 0;
    }

    /// Watches which answers go out, and ends the connection so that the last one arrives.
    private final class Answers extends ChannelOutboundHandlerAdapter {

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (refused) {
                promise.tryFailure(new ClosedChannelException()); // it has its answer
                return;
            }
            progress++;
            if (message instanceof HttpResponse response && response.status().code() >= 200) {
                answering = true;
                if (rules.leaving().getAsBoolean()) {
                    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
                }
                last |= response.headers().contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
            }
            if (answering && message instanceof LastHttpContent) {
                answering = false;
                unanswered--;
                if (silent && unanswered == 0) {
                    context.write(message, promise.unvoid()).addListener(_ -> context.close());
                    return;
                }
            }
            context.write(message, promise);
        }

        @Override
        public void close(ChannelHandlerContext context, ChannelPromise promise) {
            var channel = context.channel();
            boolean moreMayCome = decoder.deaf || !decoder.inHead;
            if (ending || silent || !moreMayCome || !(channel instanceof DuplexChannel duplex) || !duplex.isActive()) {
                context.close(promise);
                return;
            }
            ending = true;
            decoder.deaf = true;
            channel.closeFuture().addListener(_ -> promise.trySuccess());
            context.flush();
            var tls = context.pipeline().get(SslHandler.class);
            if (tls != null) tls.closeOutbound();
            duplex.shutdownOutput();
            channel.config().setAutoRead(true);
            var last = context.executor()
                    .schedule(() -> context.close(), FOR_LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(_ -> last.cancel(false));
        }
    }
}
