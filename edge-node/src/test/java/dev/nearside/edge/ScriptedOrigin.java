package dev.nearside.edge;

import dev.nearside.edge.http.Headers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// An origin that says what the test tells it to, and remembers what it was asked.
final class ScriptedOrigin implements AutoCloseable {

    /// One request as it arrived.
    record Asked(String method, String target, Headers headers, Buffer body) {}

    /// What is said to one request.
    ///
    /// @param body written in pieces, one for each element
    record Say(int status, Headers headers, List<Buffer> body) {
        static Say ok(String body, String... headers) {
            return new Say(200, Headers.of(headers), List.of(Buffer.buffer(body)));
        }

        static Say status(int status, String... headers) {
            return new Say(status, Headers.of(headers), List.of());
        }
    }

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final Map<String, Function<Asked, Future<Say>>> script = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    ScriptedOrigin() {
        server = vertx.createHttpServer().requestHandler(this::answer);
        server.listen(0, "127.0.0.1").await();
    }

    int port() {
        return server.actualPort();
    }

    /// Says this to every request for the path.
    void on(String path, Say say) {
        on(path, _ -> Future.succeededFuture(say));
    }

    void on(String path, Function<Asked, Future<Say>> say) {
        script.put(path, say);
    }

    /// What was asked for a path, in order of arrival.
    List<Asked> trips(String path) {
        return asked.stream()
                .filter(one -> one.target().equals(path) || one.target().startsWith(path + "?"))
                .toList();
    }

    private void answer(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            var fields = new ArrayList<Headers.Field>();
            for (var entry : request.headers()) fields.add(new Headers.Field(entry.getKey(), entry.getValue()));
            var one = new Asked(request.method().name(), request.uri(), new Headers(fields), body);
            asked.add(one);
            script.getOrDefault(request.path(), _ -> Future.succeededFuture(Say.status(404)))
                    .apply(one)
                    .onSuccess(say -> say(request, say));
        });
    }

    private static void say(HttpServerRequest request, Say say) {
        var response = request.response().setStatusCode(say.status());
        for (var field : say.headers().fields()) response.headers().add(field.name(), field.value());
        boolean announced = say.headers().has("Content-Length") || say.headers().has("Transfer-Encoding");
        if (!announced) {
            response.putHeader(
                    "Content-Length",
                    Long.toString(say.body().stream().mapToLong(Buffer::length).sum()));
        }
        if (!request.method().name().equals("HEAD")) for (var piece : say.body()) response.write(piece);
        response.end();
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
