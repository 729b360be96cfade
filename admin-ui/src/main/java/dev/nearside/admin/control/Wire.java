package dev.nearside.admin.control;

import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.Answer.Refused;
import dev.nearside.admin.control.Answer.SignedOut;
import dev.nearside.admin.control.Answer.Unreachable;
import dev.nearside.admin.control.ControlPlane.Gone;
import dev.nearside.model.check.Checked.Invalid;
import dev.nearside.model.check.Checked.Valid;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.ProblemDocument;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request and what came back, as an `Answer`: the status, the problem document and the broken line included.
record Wire(HttpClient http, URI address, String token) {

    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);

    /// Longer than any answer takes; a page that waits for more is a page that hangs.
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /// What is changed is checked as a whole first, and whether it was done has to be known.
    private static final Duration PATIENCE_FOR_CHANGES = Duration.ofSeconds(10);

    @Override
    public String toString() {
        return "Wire[" + address + "]";
    }

    <T extends Record> Answer<T> get(String path, Class<T> type) {
        return exchange(request("GET", path), body -> read(body, type));
    }

    <T extends Record> Answer<T> send(String method, String path, @Nullable Record body, Class<T> type) {
        return exchange(with(body, method, request(method, path)), answer -> read(answer, type));
    }

    /// Like `send`, unless the object is no longer as `etag` names it.
    <T extends Record> Answer<T> sendIfMatch(
            String method, String path, String etag, @Nullable Record body, Class<T> type) {
        return exchange(
                with(body, method, request(method, path)).header("If-Match", quoted(etag)),
                answer -> read(answer, type));
    }

    /// Like `sendIfMatch`, for JSON as a person wrote it, or none.
    <T extends Record> Answer<T> sendText(
            String method, String path, Optional<String> etag, String json, Class<T> type) {
        var request = request(method, path);
        if (!json.isEmpty()) {
            request.header("Content-Type", "application/json").method(method, BodyPublishers.ofString(json));
        }
        etag.ifPresent(tag -> request.header("If-Match", quoted(tag)));
        return exchange(request, answer -> read(answer, type));
    }

    Answer<Gone> perform(String method, String path, Optional<String> etag) {
        var request = request(method, path);
        etag.ifPresent(tag -> request.header("If-Match", quoted(tag)));
        return exchange(request, _ -> new Done<>(new Gone()));
    }

    boolean isReachable() {
        try {
            var request = HttpRequest.newBuilder(at("/health/live"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private HttpRequest.Builder request(String method, String path) {
        var request = HttpRequest.newBuilder(at("/api/v1" + path))
                .timeout(method.equals("GET") ? PATIENCE : PATIENCE_FOR_CHANGES)
                .header("Accept", "application/json, application/problem+json")
                .method(method, BodyPublishers.noBody());
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private static HttpRequest.Builder with(@Nullable Record body, String method, HttpRequest.Builder request) {
        return body == null
                ? request
                : request.header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(Json.write(body)));
    }

    private URI at(String path) {
        var base = address.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }

    private <T> Answer<T> exchange(HttpRequest.Builder request, Function<String, Answer<T>> success) {
        var asked = request.build();
        try {
            var response = http.send(asked, BodyHandlers.ofString());
            return response.statusCode() / 100 == 2 ? success.apply(response.body()) : refused(response);
        } catch (HttpTimeoutException _) {
            return new Unreachable<>("no answer from %s in time".formatted(address));
        } catch (ConnectException _) {
            return new Unreachable<>("nothing answers at %s".formatted(address));
        } catch (IOException failure) {
            LOG.debug("{} {}", asked.method(), asked.uri(), failure);
            return new Unreachable<>("the connection to %s broke".formatted(address));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Unreachable<>("the question was given up");
        }
    }

    private <T extends Record> Answer<T> read(String body, Class<T> type) {
        return switch (Json.read(body, type)) {
            case Valid<T>(var value) -> new Done<>(value);
            case Invalid<T>(var problems) -> {
                LOG.warn("{} answered with something that is no {}: {}", address, type.getSimpleName(), problems);
                yield new Unreachable<>("%s speaks another version of the API".formatted(address));
            }
        };
    }

    private static <T> Answer<T> refused(HttpResponse<String> response) {
        if (response.statusCode() == 401) return new SignedOut<>();
        return switch (Json.read(response.body(), ProblemDocument.class)) {
            case Valid<ProblemDocument>(var document) ->
                new Refused<>(
                        response.statusCode(),
                        document.title(),
                        Objects.requireNonNullElse(document.detail(), ""),
                        problems(document));
            case Invalid<ProblemDocument> _ ->
                new Refused<>(
                        response.statusCode(),
                        "The control plane refused",
                        "Status " + response.statusCode(),
                        List.of());
        };
    }

    private static List<Problem> problems(ProblemDocument document) {
        var entries = document.problems();
        return entries == null
                ? List.of()
                : entries.stream()
                        .map(entry -> new Problem(entry.path(), entry.message()))
                        .toList();
    }

    private static String quoted(String etag) {
        return etag.startsWith("\"") || etag.startsWith("W/") ? etag : '"' + etag + '"';
    }
}
