package dev.nearside.edge.explain;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.model.wire.api.ExplainRequest;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The viewer's request that somebody wants explained, as if it had come through the door over HTTP/1.1.
public final class AskedFor {

    private AskedFor() {}

    /// The request of a question.
    ///
    /// @param document complete and without a problem
    /// @param id of the request, where an origin would be told one
    public static ViewerRequest by(ExplainRequest document, String id) {
        var url = document.url() == null ? "" : document.url();
        int from = url.indexOf("://") + 3;
        int path = from;
        while (path < url.length() && url.charAt(path) != '/' && url.charAt(path) != '?') path++;
        var authority = url.substring(from, path);
        var rest = path < url.length() && url.charAt(path) == '/' ? url.substring(path) : "/" + url.substring(path);
        int question = rest.indexOf('?');

        var fields = new ArrayList<Headers.Field>();
        var said = document.headers() == null ? Map.<String, String>of() : document.headers();
        said.forEach((name, value) -> fields.add(new Headers.Field(name, value)));
        var named = fields.stream().filter(field -> field.is("Host")).findFirst();
        if (named.isEmpty()) fields.addFirst(new Headers.Field("Host", authority));
        return new ViewerRequest(
                document.method() == null ? "GET" : document.method(),
                url.substring(0, from - 3).toLowerCase(Locale.ROOT),
                withoutPort(named.map(Headers.Field::value).orElse(authority)).toLowerCase(Locale.ROOT),
                question < 0 ? rest : rest.substring(0, question),
                question < 0 ? Optional.empty() : Optional.of(rest.substring(question + 1)),
                new Headers(fields),
                "1.1",
                document.clientIp() == null ? "" : document.clientIp(),
                0,
                id);
    }

    private static String withoutPort(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon >= 0 && authority.indexOf(']', colon) < 0 ? authority.substring(0, colon) : authority;
    }
}
