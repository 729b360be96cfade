package dev.nearside.edge;

import dev.nearside.edge.accept.Arrival;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.respond.Reply;
import dev.nearside.edge.route.Routed;
import dev.nearside.edge.route.RoutingTable;
import dev.nearside.model.distribution.CustomError;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts a distribution's own pages in place of errors, whoever made them (CF§1.7).
///
/// A page is asked for like any other object: through the first behavior that matches its path, and cached there. An
/// error on the way to it is not answered with another page: then the viewer gets the error that was.
record ErrorPages(Fetching pages) {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorPages.class);

    /// Of the request that failed, not of the page.
    private static final Set<String> OF_THE_REQUEST = Set.of(
            "if-match",
            "if-none-match",
            "if-modified-since",
            "if-unmodified-since",
            "if-range",
            "range",
            "content-length",
            "transfer-encoding",
            "content-type",
            "content-encoding",
            "expect");

    /// Brings what a route leads to.
    @FunctionalInterface
    interface Fetching {
        Future<Reply> fetch(Arrival arrival, Routed.Route route);
    }

    /// The page in place of an error that there is one for; else the reply as it is.
    Future<Reply> instead(Arrival arrival, RoutingTable routes, Optional<Routed> routed, Reply reply) {
        if (reply.status() < 400) return Future.succeededFuture(reply);
        return Future.<Void>succeededFuture()
                .compose(_ -> found(arrival, routes, routed, reply))
                .otherwise(bug -> {
                    LOG.error("Request {}: no error page", arrival.request().id(), bug);
                    return reply;
                });
    }

    private Future<Reply> found(Arrival arrival, RoutingTable routes, Optional<Routed> routed, Reply reply) {
        var page = page(arrival.request(), routes, routed, reply.status());
        if (page.isEmpty()) return Future.succeededFuture(reply);
        var asking = arrival.asking(requestFor(page.get(), arrival.request()));
        if (!(routes.route(asking.request()) instanceof Routed.Route route)) return Future.succeededFuture(reply);
        return pages.fetch(asking, route).map(fetched -> {
            if (fetched.status() != 200) {
                fetched.forgo();
                return reply;
            }
            reply.forgo();
            return fetched.inPlaceOf(reply, page.get().status());
        });
    }

    private static Optional<CustomError.Page> page(
            ViewerRequest request, RoutingTable routes, Optional<Routed> routed, int status) {
        // What is malformed gets a plain answer.
        if (routed.isPresent() && routed.get().equals(new Routed.Refused(Routed.Why.BAD_PATH))) return Optional.empty();
        var distribution = routes.distribution(request.host());
        if (distribution.isEmpty()) return Optional.empty();
        for (var error : distribution.get().customErrors()) if (error.status() == status) return error.page();
        return Optional.empty();
    }

    private static ViewerRequest requestFor(CustomError.Page page, ViewerRequest failed) {
        return new ViewerRequest(
                failed.is("HEAD") ? "HEAD" : "GET",
                failed.scheme(),
                failed.host(),
                page.path(),
                Optional.empty(),
                headersFor(failed),
                failed.httpVersion(),
                failed.clientAddress(),
                failed.clientPort(),
                failed.id());
    }

    /// With what an origin is told of the failed request, where a policy lists it (CF§7).
    private static Headers headersFor(ViewerRequest failed) {
        var headers = failed.headers()
                .withoutAny(OF_THE_REQUEST)
                .without("CloudFront-Error-Uri")
                .without("CloudFront-Error-Args");
        // What is too long or too odd for a header is not told.
        if (!isPlain(failed.rawPath())) return headers;
        var told = headers.plus("CloudFront-Error-Uri", failed.rawPath());
        return failed.rawQuery()
                .filter(ErrorPages::isPlain)
                .map(query -> told.plus("CloudFront-Error-Args", query))
                .orElse(told);
    }

    private static boolean isPlain(String text) {
        return text.length() <= RoutingTable.MAX_URL && text.chars().allMatch(c -> c > ' ' && c < 127);
    }
}
