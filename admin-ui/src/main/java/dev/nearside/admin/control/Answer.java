package dev.nearside.admin.control;

import dev.nearside.model.check.Problem;
import java.util.List;
import java.util.function.Function;

/// What became of a question to the control plane. Being refused is ordinary, so it is a value.
public sealed interface Answer<T> {

    record Done<T>(T value) implements Answer<T> {}

    /// The control plane said no, and why; `problems` name the fields at fault.
    record Refused<T>(int status, String title, String detail, List<Problem> problems) implements Answer<T> {

        public Refused {
            problems = List.copyOf(problems);
        }

        /// Somebody else changed the object since it was read.
        public boolean isConflict() {
            return status == 412;
        }
    }

    /// The bearer token is no longer good: sign in again.
    record SignedOut<T>() implements Answer<T> {}

    /// Nobody answered, or not in our language.
    record Unreachable<T>(String reason) implements Answer<T> {}

    default <R> Answer<R> map(Function<? super T, ? extends R> change) {
        return switch (this) {
            case Done<T>(var value) -> new Done<>(change.apply(value));
            case Refused<T>(var status, var title, var detail, var problems) ->
                new Refused<>(status, title, detail, problems);
            case SignedOut<T>() -> new SignedOut<>();
            case Unreachable<T>(var reason) -> new Unreachable<>(reason);
        };
    }

    /// The value, or what to use in its place when there is none.
    default T orElse(T otherwise) {
        return this instanceof Done<T>(var value) ? value : otherwise;
    }
}
