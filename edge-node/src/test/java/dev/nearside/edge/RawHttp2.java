package dev.nearside.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// An HTTP/2 viewer that writes its frames by hand, so that it can misbehave.
final class RawHttp2 implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int PRIORITY = 32;

    private final SSLSocket socket;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false);

    /// One frame as it came.
    record Frame(int type, int flags, int stream, ByteBuf payload) {
        boolean endsStream() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        int error() {
            int at = type == GOAWAY ? 4 : 0;
            return payload.getInt(at);
        }
    }

    /// How a stream ended: answered, reset, or with the whole connection.
    sealed interface Ending {
        record Answered(int status, String body) implements Ending {}

        record Reset(int error) implements Ending {}

        record GoneAway() implements Ending {}
    }

    RawHttp2(int port, String host) throws IOException {
        socket = tls(port, Optional.of(host), "h2");
        socket.setSoTimeout(10_000);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
        next(); // the edge's settings: what acknowledges them must not come after its end of the connection
    }

    /// A socket that trusts everybody.
    static SSLSocket tls(int port, Optional<String> name, String... protocols) throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Credulous()}, null);
            var plain = new Socket(InetAddress.getLoopbackAddress(), port);
            var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, port, true);
            var parameters = socket.getSSLParameters();
            if (protocols.length > 0) parameters.setApplicationProtocols(protocols);
            parameters.setServerNames(name.stream()
                    .map(SNIHostName::new)
                    .map(host -> (SNIServerName) host)
                    .toList());
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static final class Credulous implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length & 0xFFFF);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
        out.flush();
    }

    void headers(int stream, boolean ends, String... namesAndValues) throws IOException {
        frame(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, block(namesAndValues));
    }

    /// A GET for a path of the host.
    void get(int stream, String host, String path) throws IOException {
        headers(stream, true, ":method", "GET", ":scheme", "https", ":authority", host, ":path", path);
    }

    void data(int stream, boolean ends, String text) throws IOException {
        frame(DATA, ends ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void reset(int stream) throws IOException {
        frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }

    /// Lets the edge send so many bytes more, on a stream or on the whole connection (0).
    void open(int stream, int bytes) throws IOException {
        frame(WINDOW_UPDATE, 0, stream, new byte[] {
            (byte) (bytes >> 24), (byte) (bytes >> 16), (byte) (bytes >> 8), (byte) bytes
        });
    }

    /// Literal fields without indexing (RFC 7541, section 6.2.2).
    static byte[] block(String... namesAndValues) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i++) {
            if (i % 2 == 0) bytes.write(0);
            var text = namesAndValues[i].getBytes(StandardCharsets.ISO_8859_1);
            if (text.length < 127) {
                bytes.write(text.length);
            } else {
                bytes.write(127);
                int rest = text.length - 127;
                for (; rest >= 128; rest >>= 7) bytes.write(128 | (rest & 127));
                bytes.write(rest);
            }
            bytes.writeBytes(text);
        }
        return bytes.toByteArray();
    }

    /// The next frame; empty at the end of the connection.
    Optional<Frame> next() throws IOException {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            var frame = new Frame(type, flags, stream, Unpooled.wrappedBuffer(in.readNBytes(length)));
            if (type == SETTINGS && (flags & ACK) == 0) frame(SETTINGS, ACK, 0, new byte[0]);
            return Optional.of(frame);
        } catch (EOFException | SocketException _) {
            return Optional.empty();
        }
    }

    /// Reads until a stream has ended.
    Ending ending(int stream) throws IOException {
        return ending(stream, false);
    }

    /// The same on a connection that takes no new streams any more.
    Ending afterGoAway(int stream) throws IOException {
        return ending(stream, true);
    }

    private Ending ending(int stream, boolean goneAway) throws IOException {
        int status = 0;
        var body = new StringBuilder();
        while (true) {
            var next = next();
            if (next.isEmpty() || (next.get().type() == GOAWAY && !goneAway)) return new Ending.GoneAway();
            var frame = next.get();
            if (frame.type() == HEADERS) {
                int read = status(frame);
                if (frame.stream() == stream) status = read;
            }
            if (frame.stream() != stream) continue;
            if (frame.type() == RST_STREAM) return new Ending.Reset(frame.error());
            if (frame.type() == DATA) body.append(frame.payload().toString(StandardCharsets.ISO_8859_1));
            if (frame.endsStream()) return new Ending.Answered(status, body.toString());
        }
    }

    /// A whole answer: its fields as `name: value`, in order.
    record Answer(List<String> fields, String body) {}

    /// Reads until a stream was answered, and gives back what its body took of the windows.
    Answer answer(int stream) throws IOException {
        var fields = new ArrayList<String>();
        var body = new StringBuilder();
        while (true) {
            var frame = next().orElseThrow(() -> new EOFException("the connection has ended"));
            if (frame.type() == HEADERS && frame.stream() == stream) {
                for (var field : fields(frame)) fields.add(field.getKey() + ": " + field.getValue());
            } else if (frame.type() == DATA && frame.stream() == stream) {
                int length = frame.payload().readableBytes();
                body.append(frame.payload().toString(StandardCharsets.ISO_8859_1));
                if (length > 0) open(0, length);
                if (length > 0 && !frame.endsStream()) open(stream, length);
            } else if (frame.stream() == stream && frame.type() != WINDOW_UPDATE) {
                throw new IOException("frame of type " + frame.type());
            }
            if (frame.stream() == stream && frame.endsStream()) return new Answer(fields, body.toString());
        }
    }

    private int status(Frame frame) throws IOException {
        var status = fields(frame).status();
        return status == null ? 0 : Integer.parseInt(status.toString());
    }

    private Http2Headers fields(Frame frame) throws IOException {
        try {
            int priority = (frame.flags() & PRIORITY) == 0 ? 0 : 5;
            var block = frame.payload().skipBytes(priority);
            return hpack.decodeHeaders(frame.stream(), block);
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    /// Ends the connection before its block does.
    void leave() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        leave();
    }
}
