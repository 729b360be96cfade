package dev.nearside.control.certificate;

import dev.nearside.model.check.Problem;
import java.util.List;

/// How a wish to change the certificates ended. Only [Saved] and [Deleted] changed anything.
sealed interface Keeping {

    record Saved(Certificate certificate) implements Keeping {}

    record Deleted() implements Keeping {}

    record Invalid(List<Problem> problems) implements Keeping {
        public Invalid {
            problems = List.copyOf(problems);
        }
    }

    record NameTaken(String name) implements Keeping {}

    record Missing() implements Keeping {}

    /// Somebody else replaced it in between.
    record Stale(Certificate current) implements Keeping {}

    /// Distributions show it.
    ///
    /// @param where in words
    record InUse(List<String> where) implements Keeping {
        public InUse {
            where = List.copyOf(where);
        }
    }

    /// Nothing can be sealed.
    record NoKey(String why) implements Keeping {}
}
