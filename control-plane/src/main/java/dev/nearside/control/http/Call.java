package dev.nearside.control.http;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// One request, read completely, with what its route and its credential say about it.
///
/// @param parameters the values of the route's `{name}` segments
/// @param query the query parameters, each with its values in the order they came
/// @param headers the header fields by lower-case name
/// @param place the address that it came from
/// @param isConfidential it came over TLS or from this machine: nobody in between could read it, or the answer
@SuppressWarnings("ArrayRecordComponent") // calls are not compared, and nobody changes the body
public record Call(
        Caller caller,
        Map<String, String> parameters,
        Map<String, List<String>> query,
        Map<String, String> headers,
        byte[] body,
        String place,
        boolean isConfidential) {
    /// Reading a body takes many times its size; large ones are read one after the other.
    private static final int LARGE_BODY = 256 << 10;

    private static final Semaphore LARGE_BODIES = new Semaphore(1, true);

    /// A hundred bytes of memory each, and the longest body has room for millions.
    private static final int MOST_VALUES = 400_000;

    /// Enough to see what is wrong with a list of thousands.
    private static final int MOST_PROBLEMS = 100;

    private static final String BEARER = "Bearer ";

    /// The value of a `{name}` segment of the route that was met.
    public String parameter(String name) {
        var value = parameters.get(name);
        if (value == null) throw new IllegalArgumentException("no {" + name + "} in this route");
        return value;
    }

    /// The id of the edge that calls, where only edges get to.
    public String edge() {
        return switch (caller) {
            case Caller.Edge(var id) -> id;
            case Caller.Known _, Caller.Stranger _ -> throw new IllegalStateException("only edges get here");
        };
    }

    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name)).map(List::getFirst);
    }

    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }

    /// The credential that the request was sent with.
    public Optional<String> bearerToken() {
        return header("authorization").flatMap(Call::bearerToken);
    }

    static Optional<String> bearerToken(String authorization) {
        return Optional.of(authorization)
                .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(value -> value.substring(BEARER.length()).strip())
                .filter(token -> !token.isEmpty());
    }

    /// The body as a document; every problem at once if it is not one, though no more than a reader takes in.
    public <T extends Record> Checked<T> document(Class<T> type) {
        return inTurn(() -> Json.read(body, type));
    }

    /// The same of a program of ours, which may be of another release: what is not known here is left out.
    public <T extends Record> Checked<T> documentOfAnyRelease(Class<T> type) {
        return inTurn(() -> Json.readKnown(body, type));
    }

    private <T extends Record> Checked<T> inTurn(Supplier<Checked<T>> reading) {
        if (body.length <= LARGE_BODY) return fewProblems(reading.get());
        int values = values();
        if (values > MOST_VALUES) {
            return new Checked.Invalid<>(List.of(
                    new Problem("", "%d values and more (expected: at most %d)".formatted(values, MOST_VALUES))));
        }
        LARGE_BODIES.acquireUninterruptibly();
        try {
            return fewProblems(reading.get());
        } finally {
            LARGE_BODIES.release();
        }
    }

    /// How many values the body holds, if it is JSON; only as far as it matters.
    private int values() {
        int values = 1;
        boolean isInText = false;
        for (int i = 0; i < body.length && values <= MOST_VALUES; i++) {
            switch (body[i]) {
                case '"' -> isInText = !isInText;
                case '\\' -> i += isInText ? 1 : 0;
                case ',', '[', '{' -> values += isInText ? 0 : 1;
                default -> {}
            }
        }
        return values;
    }

    private static <T extends Record> Checked<T> fewProblems(Checked<T> read) {
        return switch (read) {
            case Checked.Valid<T> valid -> valid;
            case Checked.Invalid<T>(var problems) ->
                new Checked.Invalid<>(List.copyOf(problems.subList(0, Math.min(MOST_PROBLEMS, problems.size()))));
        };
    }

    /// Why the caller makes this change, in their own words; from `X-Comment` or `?comment=`.
    public String comment() {
        return header("x-comment").or(() -> query("comment")).orElse("");
    }
}
