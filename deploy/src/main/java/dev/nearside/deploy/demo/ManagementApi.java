package dev.nearside.deploy.demo;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/// The public management API, used as any deploy script would use it.
final class ManagementApi {

    /// What the control plane said.
    private sealed interface Said {
        /// It did as asked.
        record Done(JsonStructure body) implements Said {}

        /// It refused, and said why.
        record Refused(int status, String why) implements Said {}
    }

    /// A refusal that the demo cannot go on after.
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final HttpClient http;
    private final URI base;
    private final Optional<String> token;

    private ManagementApi(HttpClient http, URI base, Optional<String> token) {
        this.http = http;
        this.base = base;
        this.token = token;
    }

    static ManagementApi at(HttpClient http, URI controlPlane) {
        return new ManagementApi(http, controlPlane.resolve("/api/v1/"), Optional.empty());
    }

    /// The same API with an operator's token; empty when the password is not theirs any more.
    Optional<ManagementApi> logIn(String username, String password) throws IOException, InterruptedException {
        var body = Json.createObjectBuilder().add("username", username).add("password", password);
        return switch (call("POST", "login", Optional.of(body.build()), Optional.empty())) {
            case Said.Done(var said) ->
                Optional.of(new ManagementApi(
                        http, base, Optional.of(said.asJsonObject().getString("token"))));
            case Said.Refused(var status, var why) -> {
                if (status == 401) yield Optional.empty();
                throw new RefusedException("POST login: " + status + ' ' + why);
            }
        };
    }

    JsonStructure get(String path) throws IOException, InterruptedException {
        return done("GET", path, Optional.empty(), Optional.empty());
    }

    JsonObject post(String path, JsonValue body) throws IOException, InterruptedException {
        return done("POST", path, Optional.of(body), Optional.empty()).asJsonObject();
    }

    void put(String path, JsonValue body, String etag) throws IOException, InterruptedException {
        done("PUT", path, Optional.of(body), Optional.of(etag));
    }

    private JsonStructure done(String method, String path, Optional<JsonValue> body, Optional<String> ifMatch)
            throws IOException, InterruptedException {
        return switch (call(method, path, body, ifMatch)) {
            case Said.Done(var said) -> said;
            case Said.Refused(var status, var why) ->
                throw new RefusedException("%s %s: %d %s".formatted(method, path, status, why));
        };
    }

    private Said call(String method, String path, Optional<JsonValue> body, Optional<String> ifMatch)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(PATIENCE)
                .header("Accept", "application/json")
                .method(
                        method,
                        body.map(json -> BodyPublishers.ofString(json.toString()))
                                .orElse(BodyPublishers.noBody()));
        if (body.isPresent()) request.header("Content-Type", "application/json");
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        ifMatch.ifPresent(tag -> request.header("If-Match", tag));
        var answer = http.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 300) return new Said.Refused(answer.statusCode(), answer.body());
        if (answer.body().isBlank()) return new Said.Done(JsonValue.EMPTY_JSON_OBJECT);
        try (var reader = Json.createReader(new StringReader(answer.body()))) {
            return new Said.Done(reader.read());
        }
    }
}
