package dev.nearside.edge.respond;

import java.util.Optional;

/// A small answer made here: a status, a short reason and the request's id, nothing about what lies behind.
///
/// @param contentType of the body
public record ErrorPage(int status, String contentType, String body) {

    /// For an error.
    ///
    /// @param accept what the viewer likes to read; JSON for programs, a page for everybody else
    public static ErrorPage of(int status, String id, Optional<String> accept) {
        var title = title(status);
        var reason = reason(status);
        return prefersJson(accept)
                ? new ErrorPage(status, "application/problem+json", json(status, title, reason, id))
                : new ErrorPage(status, "text/html; charset=utf-8", html(status, title, reason, id));
    }

    /// For a viewer who is sent elsewhere.
    public static ErrorPage moved(int status) {
        return new ErrorPage(
                status,
                "text/html; charset=utf-8",
                "<!doctype html>\n<title>Moved</title>\n<h1>Moved</h1>\n<p>This page is served over HTTPS.</p>\n");
    }

    private static boolean prefersJson(Optional<String> accept) {
        if (accept.isEmpty()) return false;
        var json = Liking.of(accept.get(), "application/json")
                .orAtLeast(Liking.of(accept.get(), "application/problem+json"));
        return json.isMoreThan(Liking.of(accept.get(), "text/html"));
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad request";
            case 403 -> "Forbidden";
            case 404 -> "Not found";
            case 405 -> "Method not allowed";
            case 414 -> "URL too long";
            case 416 -> "Range not satisfiable";
            case 417 -> "Expectation failed";
            case 421 -> "Misdirected request";
            case 431, 494 -> "Headers too large";
            case 502 -> "Bad gateway";
            case 503 -> "Service unavailable";
            case 504 -> "Gateway timeout";
            case 508 -> "Loop detected";
            default -> status < 500 ? "Request refused" : "Server error";
        };
    }

    private static String reason(int status) {
        return switch (status) {
            case 400 -> "The request could not be understood.";
            case 403 -> "This request is not allowed here.";
            case 404 -> "There is nothing at this address.";
            case 405 -> "This method is not allowed here.";
            case 416 -> "There are no such bytes at this address.";
            case 414, 431, 494 -> "The request is longer than this server accepts.";
            case 417 -> "The request expects what this server does not do.";
            case 421 -> "This server does not answer for that name on this connection.";
            case 502 -> "The site behind this server could not be reached.";
            case 503 -> "The site is not available right now.";
            case 504 -> "The site behind this server did not answer in time.";
            case 508 -> "The request came back to where it had been before.";
            default -> status < 500 ? "The request was refused." : "Something went wrong here.";
        };
    }

    private static String html(int status, String title, String reason, String id) {
        return """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>%1$d %2$s</title>
                <style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;\
                color:#24292f;background:#fff}small{color:#57606a}\
                @media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}small{color:#8b949e}}</style>
                <h1>%1$d %2$s</h1>
                <p>%3$s</p>
                <p><small>nearside &middot; request %4$s</small></p>
                </html>
                """.formatted(status, title, reason, escaped(id));
    }

    private static String json(int status, String title, String reason, String id) {
        return """
                {"title": "%s", "status": %d, "detail": "%s", "requestId": "%s"}
                """.formatted(title, status, reason, escaped(id));
    }

    /// Ids are ours and harmless; should one ever not be, it is harmless still.
    private static String escaped(String id) {
        var text = new StringBuilder(id.length());
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            text.append(plain || "-_=.:".indexOf(c) >= 0 ? c : '?');
        }
        return text.toString();
    }
}
