package dev.nearside.control.http;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.api.ProblemDocument;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// What the control plane says to a request; describes the bytes without moving them.
public sealed interface Answer {

    /// A JSON document; the body is any value that the wire knows.
    record Document(int status, Object body, Map<String, String> headers) implements Answer {
        public Document {
            headers = Map.copyOf(headers);
        }
    }

    /// Done, and nothing to tell.
    record NoContent() implements Answer {}

    /// Ready-made text.
    record Text(int status, String contentType, String text, Map<String, String> headers) implements Answer {
        public Text {
            headers = Map.copyOf(headers);
        }

        public Text(int status, String contentType, String text) {
            this(status, contentType, text, Map.of());
        }
    }

    /// A problem document (RFC 9457).
    ///
    /// @param kind one word for the kind of problem, which scripts may rely on
    /// @param current what is there, where the request was made on something older
    record Refused(
            int status,
            String kind,
            String title,
            String detail,
            List<Problem> problems,
            Map<String, String> headers,
            Optional<ProblemDocument.Current> current)
            implements Answer {
        public Refused {
            problems = List.copyOf(problems);
            headers = Map.copyOf(headers);
        }

        public Refused(
                int status,
                String kind,
                String title,
                String detail,
                List<Problem> problems,
                Map<String, String> headers) {
            this(status, kind, title, detail, problems, headers, Optional.empty());
        }

        public Refused(int status, String kind, String title, String detail) {
            this(status, kind, title, detail, List.of(), Map.of());
        }

        public Refused with(String name, String value) {
            var more = new HashMap<>(headers);
            more.put(name, value);
            return new Refused(status, kind, title, detail, problems, more, current);
        }
    }

    /// An event stream that lasts as long as the given code runs.
    record Events(Consumer<EventSink> source) implements Answer {}

    static Answer ok(Object body) {
        return new Document(200, body, Map.of());
    }

    static Answer created(Object body, String location) {
        return new Document(201, body, Map.of("Location", location));
    }

    static Refused invalid(List<Problem> problems) {
        var found = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
        return new Refused(
                400, "invalid", "The request is not valid", found + "; nothing was changed.", problems, Map.of());
    }

    static Refused invalid(String path, String message) {
        return invalid(List.of(new Problem(path, message)));
    }

    static Refused notFound(String what) {
        return new Refused(404, "not-found", "Not found", what);
    }

    static Refused conflict(String kind, String title, String detail, List<Problem> problems) {
        return new Refused(409, kind, title, detail, problems, Map.of());
    }

    /// The answer to a usable document, or the refusal of a bad one.
    static <T> Answer to(Checked<T> document, Function<? super T, ? extends Answer> answer) {
        return switch (document) {
            case Checked.Valid<T>(var value) -> answer.apply(value);
            case Checked.Invalid<T>(var problems) -> invalid(problems);
        };
    }
}
