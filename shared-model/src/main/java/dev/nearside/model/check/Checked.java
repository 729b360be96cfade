package dev.nearside.model.check;

import java.util.List;
import java.util.function.Function;

/// A document that was read: either usable, or refused with every reason at once.
public sealed interface Checked<T> {

    record Valid<T>(T value) implements Checked<T> {}

    record Invalid<T>(List<Problem> problems) implements Checked<T> {
        public Invalid {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) throw new IllegalArgumentException("a refusal needs a reason");
        }
    }

    /// Usable if nothing was found wrong with it.
    static <T> Checked<T> of(T value, List<Problem> problems) {
        return problems.isEmpty() ? new Valid<>(value) : new Invalid<>(problems);
    }

    /// The next reading of a usable value; a refusal stays what it is.
    default <R> Checked<R> then(Function<? super T, Checked<R>> next) {
        return switch (this) {
            case Valid<T>(var value) -> next.apply(value);
            case Invalid<T>(var problems) -> new Invalid<>(problems);
        };
    }

    /// The reasons for refusal; empty for a usable value.
    default List<Problem> problems() {
        return switch (this) {
            case Valid<T> _ -> List.of();
            case Invalid<T>(var problems) -> problems;
        };
    }
}
