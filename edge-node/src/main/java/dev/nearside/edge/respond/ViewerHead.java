package dev.nearside.edge.respond;

import dev.nearside.edge.http.ByteRange;
import dev.nearside.edge.http.ByteRange.Portion;
import dev.nearside.edge.http.ContentRange;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.Headers.Field;
import dev.nearside.edge.http.HopByHop;
import dev.nearside.edge.http.HttpDate;
import dev.nearside.edge.http.Preconditions;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.route.Selectors;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// The head that a viewer gets, and which bytes follow it.
///
/// @param headers with `Content-Length` if it is known; the framing is the sender's
/// @param result the class that metrics and log count it in
public record ViewerHead(int status, Headers headers, Part part, ResultClass result) {

    /// The same under other fields.
    ViewerHead with(Headers other) {
        return new ViewerHead(status, other, part, result);
    }

    /// Which bytes of a body follow.
    public sealed interface Part {
        record None() implements Part {}

        record Whole() implements Part {}

        record Slice(long offset, long length) implements Part {}

        /// Two parts or more; what goes between them, and their length in all, is {@link Multipart}'s.
        record Several(List<Portion.Slice> slices) implements Part {
            public Several {
                slices = List.copyOf(slices);
            }
        }
    }

    /// What a 304 and a 416 do not repeat (RFC 9110, section 15.4.5).
    private static final Set<String> OF_THE_BODY = Set.of(
            "content-length",
            "content-type",
            "content-encoding",
            "content-language",
            "content-range",
            "content-md5",
            "content-digest",
            "accept-ranges");

    /// An answer on a route. The viewer's conditions and range are answered here, unless the request passed the
    /// cache by and the origin has answered them.
    ///
    /// @param node this node's name, for `Via`
    public static ViewerHead of(Route route, Answer answer, String node, Instant now) {
        var request = route.request();
        boolean ours = answer.status() == 200 && answer.way() != ResultClass.PASS;
        if (ours && Preconditions.notModified(request, answer.told())) {
            var fields = fields(route, answer, 304);
            fields.removeIf(field -> OF_THE_BODY.contains(field.name().toLowerCase(Locale.ROOT)));
            return finished(304, fields, new Part.None(), answer, route, node, now);
        }
        var portion = ours ? ByteRange.portion(request, answer.told(), answer.length()) : new Portion.Whole();
        if (answer.once() && portion instanceof Portion.Several) portion = new Portion.Whole();
        return switch (portion) {
            case Portion.Whole() -> {
                var fields = fields(route, answer, answer.status());
                boolean bodiless = request.is("HEAD") || answer.status() == 204 || answer.status() == 304;
                if (answer.length().isPresent() && answer.status() != 204 && answer.status() != 304) {
                    length(fields, answer.length().getAsLong());
                }
                var part = bodiless ? new Part.None() : new Part.Whole();
                yield finished(answer.status(), fields, part, answer, route, node, now);
            }
            case Portion.Slice slice -> {
                var fields = fields(route, answer, 206);
                length(fields, slice.length());
                fields.add(new Field(
                        "Content-Range",
                        ContentRange.of(slice.first(), slice.last(), slice.total())
                                .toString()));
                var part = new Part.Slice(slice.first(), slice.length());
                yield finished(206, fields, part, answer, route, node, now);
            }
            case Portion.Several(var slices) -> {
                var fields = fields(route, answer, 206);
                yield finished(206, fields, new Part.Several(slices), answer, route, node, now);
            }
            case Portion.Unsatisfiable(var total) -> {
                var fields = fields(route, answer, 416);
                fields.removeIf(field -> OF_THE_BODY.contains(field.name().toLowerCase(Locale.ROOT)));
                length(fields, 0);
                fields.add(new Field("Content-Range", "bytes */" + total));
                yield finished(416, fields, new Part.None(), answer, route, node, now);
            }
        };
    }

    /// An answer made here.
    ///
    /// @param route the one that the request had found, if it got that far; its response headers policy applies
    public static ViewerHead error(
            ErrorPage page,
            ViewerRequest request,
            Optional<Route> route,
            CacheStatus cacheStatus,
            String node,
            Instant now) {
        return own(
                page,
                request,
                route,
                List.of(new Field("Cache-Control", "no-store")),
                ResultClass.ERROR,
                ResultClass.ERROR.xCache(),
                cacheStatus,
                node,
                now);
    }

    /// The origin's agreement to speak WebSocket (RFC 6455, section 4.2.2).
    public static ViewerHead switched(Route route, Headers origin, String node, Instant now) {
        var cookies = route.selectors().sendsCookies();
        var fields = new ArrayList<Field>(origin.fields().size() + 8);
        for (var field : HopByHop.strip(origin).fields()) {
            boolean dropped = isOurs(field) || field.is("Content-Length") || (!cookies && field.is("Set-Cookie"));
            if (!dropped) fields.add(field);
        }
        fields.add(new Field("Connection", "Upgrade"));
        fields.add(new Field("Upgrade", "websocket"));
        var status = CacheStatus.forwarded(CacheStatus.Forwarded.BYPASS, OptionalInt.of(101), false);
        sign(fields, route.request().id(), ResultClass.PASS.xCache(), status, node, now);
        return new ViewerHead(101, new Headers(fields), new Part.None(), ResultClass.PASS);
    }

    /// A viewer is sent elsewhere.
    public static ViewerHead redirect(
            ErrorPage page, String location, ViewerRequest request, String node, Instant now) {
        return own(
                page,
                request,
                Optional.empty(),
                List.of(new Field("Location", location)),
                ResultClass.PASS,
                "Redirect from nearside",
                CacheStatus.refused("REDIRECTED"),
                node,
                now);
    }

    private static ViewerHead own(
            ErrorPage page,
            ViewerRequest request,
            Optional<Route> route,
            List<Field> more,
            ResultClass result,
            String xCache,
            CacheStatus cacheStatus,
            String node,
            Instant now) {
        var fields = new ArrayList<Field>(12);
        fields.add(new Field("Content-Type", page.contentType()));
        fields.addAll(more);
        length(fields, page.body().getBytes(StandardCharsets.UTF_8).length);
        route.flatMap(Route::responseHeadersPolicy).ifPresent(policy -> PolicyHeaders.apply(policy, request, fields));
        sign(fields, request.id(), xCache, cacheStatus, node, now);
        var part = request.is("HEAD") ? new Part.None() : new Part.Whole();
        return new ViewerHead(page.status(), new Headers(fields), part, result);
    }

    /// The origin's fields, less what ends here and what is not this viewer's; then the policy's.
    private static List<Field> fields(Route route, Answer answer, int status) {
        var from = answer.headers().fields();
        // What is stored was stripped when it was stored.
        var ending = answer.mine() ? HopByHop.names(answer.headers()) : Set.<String>of();
        boolean cookies = route.selectors().sendsCookies()
                && (answer.mine() || route.cachePolicy().reuse().replaysSetCookie());
        boolean lengthKnown = answer.length().isPresent() || status == 204;
        var fields = new ArrayList<Field>(from.size() + 10);
        for (var field : from) {
            if (isOurs(field)
                    || (!cookies && (field.is("Set-Cookie") || field.is("Set-Cookie2")))
                    || (answer.age().isPresent() && field.is("Age"))
                    || (lengthKnown && field.is("Content-Length"))
                    || (!ending.isEmpty() && ending.contains(field.name().toLowerCase(Locale.ROOT)))) {
                continue;
            }
            if (field.is("Vary")) vary(field, route.selectors()).ifPresent(fields::add);
            else fields.add(field);
        }
        boolean ours = answer.way() != ResultClass.PASS && (status == 200 || status == 206);
        if (ours && lengthKnown) acceptRanges(fields);
        route.responseHeadersPolicy().ifPresent(policy -> PolicyHeaders.apply(policy, route.request(), fields));
        return fields;
    }

    /// Written anew by us on every answer.
    private static boolean isOurs(Field field) {
        return field.is("Via") || field.is("X-Cache") || field.is("X-Nearside-Id");
    }

    /// Without the names of headers that the origin never sees (CF§3.6); of `User-Agent` it sees what the device
    /// headers say.
    private static Optional<Field> vary(Field field, Selectors selectors) {
        var kept = new StringBuilder();
        for (var part : field.value().split(",", -1)) {
            var name = part.strip();
            var lower = name.toLowerCase(Locale.ROOT);
            boolean seen = lower.equals("*")
                    || lower.equals("accept-encoding")
                    || lower.equals("cookie")
                    || selectors.sendsHeader(lower)
                    || (lower.equals("user-agent") && selectors.tellsDevice());
            if (lower.isEmpty() || !seen) continue;
            if (!kept.isEmpty()) kept.append(", ");
            kept.append(name);
        }
        return kept.isEmpty() ? Optional.empty() : Optional.of(new Field(field.name(), kept.toString()));
    }

    private static ViewerHead finished(
            int status, List<Field> fields, Part part, Answer answer, Route route, String node, Instant now) {
        answer.age().ifPresent(age -> fields.add(new Field("Age", Long.toString(age.toSeconds()))));
        var result = answer.way().endingIn(status);
        sign(fields, route.request().id(), result.xCache(), answer.cacheStatus(), node, now);
        return new ViewerHead(status, new Headers(fields), part, result);
    }

    /// What every answer carries.
    private static void sign(
            List<Field> fields, String id, String xCache, CacheStatus cacheStatus, String node, Instant now) {
        boolean dated = false;
        boolean served = false;
        var before = new StringBuilder();
        for (int i = fields.size() - 1; i >= 0; i--) {
            var field = fields.get(i);
            if (field.is("Date")) dated = true;
            else if (field.is("Server")) served = true;
            else if (field.is("Cache-Status")) {
                before.insert(0, field.value() + ", "); // caches before us come first (RFC 9211, section 2)
                fields.remove(i);
            }
        }
        if (!dated) fields.add(new Field("Date", HttpDate.format(now)));
        if (!served) fields.add(new Field("Server", "nearside"));
        fields.add(new Field("Via", "1.1 " + node + " (nearside)"));
        fields.add(new Field("X-Cache", xCache));
        fields.add(new Field("Cache-Status", before.append(cacheStatus).toString()));
        fields.add(new Field("X-Nearside-Id", id));
    }

    /// Of a body of known length we have every part, whatever the origin can do.
    private static void acceptRanges(List<Field> fields) {
        for (var field : fields) if (field.is("Accept-Ranges")) return;
        fields.add(new Field("Accept-Ranges", "bytes"));
    }

    private static void length(List<Field> fields, long length) {
        fields.add(new Field("Content-Length", Long.toString(length)));
    }
}
