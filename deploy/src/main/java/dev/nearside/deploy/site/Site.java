package dev.nearside.deploy.site;

import dev.nearside.deploy.site.Asset.Representation;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// The sample web site, listening. Read [#route] downwards: this is everything it answers.
public final class Site implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final String NOT_STORED = "private, no-store";

    private final Asset.Shelf shelf = new Asset.Shelf();
    private final Catalogue catalogue = new Catalogue();
    private final RequestCounts counts = new RequestCounts();
    private final Jsonb jsonb = JsonbBuilder.create();
    private final WebServer server;

    private Site(InetSocketAddress listen) {
        server = WebServer.builder()
                .host(listen.getHostString())
                .port(listen.getPort())
                .shutdownHook(false)
                // A head and a body are two writes; the second must not wait until the first is acknowledged.
                .connectionOptions(options -> options.tcpNoDelay(true))
                .routing(this::route)
                .build();
    }

    /// Starts listening; port 0 takes any free one.
    public static Site start(InetSocketAddress listen) {
        var site = new Site(listen);
        site.server.start();
        return site;
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }

    private void route(HttpRouting.Builder routing) {
        routing.addFilter((chain, request, response) -> {
                    counts.add(request.path().path());
                    response.header(HeaderNames.SERVER, "sample-site");
                    chain.proceed();
                })
                .get("/_origin/requests", (_, response) -> json(response, "no-store", counts.byPath()))
                .get("/api/public/products", this::products)
                .get("/api/user/me", this::me)
                .post("/api/user/login", this::logIn)
                .post("/api/user/logout", this::logOut)
                .get("/login", this::loginPage)
                .get("/slow", this::slow)
                .any("/fail", this::fail)
                .get("/stream", this::stream)
                .get("/static/video.bin", this::film)
                .head("/static/video.bin", this::film)
                .get("/static/sized/{bytes}", this::sized)
                .get("/*", this::file)
                .head("/*", this::file);
    }

    private void file(ServerRequest request, ServerResponse response) {
        var found = shelf.find(request.path().path());
        if (found.isEmpty()) {
            response.status(Status.NOT_FOUND_404)
                    .header(HeaderNames.CACHE_CONTROL, "public, max-age=10")
                    .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
            send(request, response, "Nothing here.\n".getBytes(StandardCharsets.UTF_8));
            return;
        }
        var asset = found.get();
        var packed = field(request, HeaderNames.ACCEPT_ENCODING)
                .map(said -> said.contains("gzip"))
                .orElse(false);
        var chosen = packed ? asset.packed() : asset.plain();
        describe(response, asset.cacheControl(), chosen.validators());
        response.header(HeaderNames.VARY, "Accept-Encoding");
        if (isHeld(request, chosen.validators())) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        response.header(HeaderNames.CONTENT_TYPE, asset.contentType());
        if (packed) response.header(HeaderNames.CONTENT_ENCODING, "gzip");
        send(request, response, chosen);
    }

    private void film(ServerRequest request, ServerResponse response) {
        describe(response, "public, max-age=86400", Film.VALIDATORS);
        response.header(HeaderNames.ACCEPT_RANGES, "bytes");
        if (isHeld(request, Film.VALIDATORS)) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        response.header(HeaderNames.CONTENT_TYPE, "application/octet-stream");
        var asked = Film.VALIDATORS.allowRange(field(request, HeaderNames.IF_RANGE))
                ? field(request, HeaderNames.RANGE).orElse("")
                : "";
        switch (ByteRange.parse(asked, Film.LENGTH)) {
            case ByteRange.Whole() -> film(request, response, 0, Film.LENGTH);
            case ByteRange.Part part -> {
                response.status(Status.PARTIAL_CONTENT_206)
                        .header(
                                HeaderNames.CONTENT_RANGE,
                                "bytes %d-%d/%d".formatted(part.first(), part.last(), Film.LENGTH));
                film(request, response, part.first(), part.length());
            }
            case ByteRange.Unsatisfiable() ->
                response.status(Status.REQUESTED_RANGE_NOT_SATISFIABLE_416)
                        .header(HeaderNames.CONTENT_RANGE, "bytes */" + Film.LENGTH)
                        .send();
        }
    }

    private static void film(ServerRequest request, ServerResponse response, long first, long length) {
        response.header(HeaderNames.CONTENT_LENGTH, Long.toString(length));
        if (isHead(request)) {
            response.send();
            return;
        }
        try (var out = response.outputStream()) {
            Film.write(first, length, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A body of exactly so many bytes, for whoever measures.
    private void sized(ServerRequest request, ServerResponse response) {
        var bytes = request.path().pathParameters().get("bytes");
        if (!bytes.matches("[1-9]\\d{0,7}") || Long.parseLong(bytes) > Film.LENGTH) {
            file(request, response);
            return;
        }
        describe(response, "public, max-age=86400", new Validators("\"film-1-" + bytes + '"', Asset.Shelf.RELEASED));
        response.header(HeaderNames.CONTENT_TYPE, "application/octet-stream");
        film(request, response, 0, Long.parseLong(bytes));
    }

    private void products(ServerRequest request, ServerResponse response) {
        var page = catalogue.search(query(request, "q").orElse(""), number(request, "page", 1));
        var body = jsonb.toJson(page);
        var validators = new Validators('"' + Asset.Shelf.tagOf(body) + '"', Asset.Shelf.RELEASED);
        describe(response, "public, max-age=30", validators);
        if (isHeld(request, validators)) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        response.header(HeaderNames.CONTENT_TYPE, "application/json").send(body);
    }

    private void me(ServerRequest request, ServerResponse response) {
        var name = cookie(request, "session");
        if (name.isEmpty()) {
            response.status(Status.UNAUTHORIZED_401);
            json(response, NOT_STORED, Map.of("error", "nobody is signed in"));
            return;
        }
        json(
                response,
                NOT_STORED,
                Map.of("name", name.get(), "prints", Math.floorMod(name.get().hashCode(), 9)));
    }

    private void logIn(ServerRequest request, ServerResponse response) {
        var form = request.content().as(String.class);
        var name = form.startsWith("name=")
                ? URLDecoder.decode(form.substring("name=".length()), StandardCharsets.UTF_8)
                        .replaceAll("[^\\p{Alnum} -]", "")
                        .strip()
                : "";
        if (name.isEmpty() || name.length() > 40) {
            response.status(Status.BAD_REQUEST_400);
            json(response, NOT_STORED, Map.of("error", "name: expected 1 to 40 letters, digits, blanks or hyphens"));
            return;
        }
        setCookie(response, "session=" + name.replace(' ', '+') + "; Path=/; HttpOnly; SameSite=Lax");
        response.status(Status.SEE_OTHER_303)
                .header(HeaderNames.CACHE_CONTROL, NOT_STORED)
                .header(HeaderNames.LOCATION, "/login")
                .send();
    }

    private void logOut(ServerRequest request, ServerResponse response) {
        setCookie(response, "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        response.status(Status.SEE_OTHER_303)
                .header(HeaderNames.CACHE_CONTROL, NOT_STORED)
                .header(HeaderNames.LOCATION, "/login")
                .send();
    }

    /// The one page that differs per viewer: it greets with a cookie and must never be shared.
    private void loginPage(ServerRequest request, ServerResponse response) {
        var visits = cookie(request, "visits")
                        .filter(said -> said.matches("\\d{1,6}"))
                        .map(Integer::parseInt)
                        .orElse(0)
                + 1;
        setCookie(response, "visits=" + visits + "; Path=/; HttpOnly; SameSite=Lax");
        var page = shelf.find("/login.html").orElseThrow();
        response.header(HeaderNames.CACHE_CONTROL, NOT_STORED)
                .header(HeaderNames.CONTENT_TYPE, page.contentType())
                .send(page.plain().content().bytes());
    }

    private void slow(ServerRequest request, ServerResponse response) {
        var pause = Duration.ofMillis(Math.clamp(number(request, "ms", 1_000), 0, LONGEST.toMillis()));
        pause(pause);
        response.header(HeaderNames.CACHE_CONTROL, "public, max-age=5")
                .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .send("This took " + pause.toMillis() + " ms.\n");
    }

    private void fail(ServerRequest request, ServerResponse response) {
        var status = Math.clamp(number(request, "status", 500), 400, 599);
        response.status(Status.create(status))
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .send("You asked for " + status + ".\n");
    }

    private void stream(ServerRequest request, ServerResponse response) {
        var lines = Math.clamp(number(request, "lines", 10), 1, 1_000);
        var pause = Duration.ofMillis(Math.clamp(number(request, "ms", 100), 0, 10_000));
        response.header(HeaderNames.CACHE_CONTROL, "no-store")
                .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        try (var out = response.outputStream()) {
            for (var line = 1; line <= lines; line++) {
                out.write(("line " + line + " of " + lines + '\n').getBytes(StandardCharsets.UTF_8));
                out.flush();
                if (line < lines) pause(pause);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void describe(ServerResponse response, String cacheControl, Validators validators) {
        response.header(HeaderNames.CACHE_CONTROL, cacheControl)
                .header(HeaderNames.ETAG, validators.etag())
                .header(HeaderNames.LAST_MODIFIED, validators.lastModifiedField());
    }

    private static boolean isHeld(ServerRequest request, Validators validators) {
        return validators.areHeld(
                field(request, HeaderNames.IF_NONE_MATCH), field(request, HeaderNames.IF_MODIFIED_SINCE));
    }

    private static void send(ServerRequest request, ServerResponse response, Representation chosen) {
        if (isHead(request)) {
            response.header(
                            HeaderNames.CONTENT_LENGTH,
                            Integer.toString(chosen.content().length()))
                    .send();
        } else {
            response.send(chosen.content().bytes());
        }
    }

    private static void send(ServerRequest request, ServerResponse response, byte[] body) {
        if (isHead(request)) {
            response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(body.length))
                    .send();
        } else {
            response.send(body);
        }
    }

    private void json(ServerResponse response, String cacheControl, Map<String, ?> body) {
        response.header(HeaderNames.CACHE_CONTROL, cacheControl)
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .send(jsonb.toJson(body));
    }

    private static boolean isHead(ServerRequest request) {
        return "HEAD".equals(request.prologue().method().text());
    }

    private static Optional<String> field(ServerRequest request, HeaderName name) {
        return request.headers().first(name);
    }

    private static Optional<String> query(ServerRequest request, String name) {
        return request.query().first(name).asOptional();
    }

    private static int number(ServerRequest request, String name, int whenAbsent) {
        return query(request, name)
                .filter(said -> said.matches("\\d{1,8}"))
                .map(Integer::parseInt)
                .orElse(whenAbsent);
    }

    private static Optional<String> cookie(ServerRequest request, String name) {
        return request.headers().cookies().first(name).asOptional().filter(said -> !said.isEmpty());
    }

    private static void setCookie(ServerResponse response, String cookie) {
        response.header(HeaderNames.SET_COOKIE, cookie);
    }

    private static void pause(Duration pause) {
        var end = System.nanoTime() + pause.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
