package dev.nearside.control.command;

import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.ProblemDocument;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLHandshakeException;

/// What went wrong, in lines for whoever typed the command.
final class Problems {

    /// When the detail of a problem document is said.
    enum Detail {
        ALWAYS,
        WITHOUT_PROBLEMS
    }

    private Problems() {}

    static String of(HttpResponse<String> response, Detail detail) {
        return switch (Json.readKnown(response.body(), ProblemDocument.class)) {
            case Checked.Valid<ProblemDocument>(var document) -> {
                var problems = document.problems() == null ? List.<ProblemDocument.Entry>of() : document.problems();
                var lines = new ArrayList<String>();
                if (response.statusCode() == 401) lines.add(unknownToken(response));
                else if (problems.isEmpty() || detail == Detail.ALWAYS) {
                    lines.add(document.title() + (document.detail() == null ? "" : ". " + document.detail()));
                }
                for (var entry : problems) lines.add(entry.path() + ": " + entry.message());
                yield String.join("\n", lines);
            }
            case Checked.Invalid<ProblemDocument> _ ->
                "%s answered with status %d (expected: a control plane, or an edge at its management port)"
                        .formatted(response.uri(), response.statusCode());
        };
    }

    private static String unknownToken(HttpResponse<String> response) {
        return response.request().headers().firstValue("Authorization").isEmpty()
                ? "an API token is missing (expected: in NEARSIDE_TOKEN, or in a file behind --token-file)"
                : "the API token is not known to %s (expected: one that is valid there, in NEARSIDE_TOKEN or in a file behind --token-file)"
                        .formatted(response.uri().resolve("/"));
    }

    /// Whether it is a control plane's refusal of that kind.
    static boolean isOf(HttpResponse<String> response, String kind) {
        return Json.readKnown(response.body(), ProblemDocument.class)
                        instanceof Checked.Valid<ProblemDocument>(var document)
                && document.type().equals("urn:nearside:problem:" + kind);
    }

    static String reason(IOException e) {
        if (e instanceof ConnectException) return "nobody answers there";
        if (e instanceof SSLHandshakeException) {
            return "%s (expected: a certificate for this address, of an authority in --control-plane-ca or known to the Java runtime)"
                    .formatted(ground(e).getMessage());
        }
        var message = e.getMessage();
        return message == null ? e.getClass().getSimpleName().toLowerCase(Locale.ROOT) : message;
    }

    private static Throwable ground(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        return cause;
    }
}
