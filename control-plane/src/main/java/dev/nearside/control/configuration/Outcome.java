package dev.nearside.control.configuration;

import dev.nearside.model.check.Problem;
import java.util.List;

/// How a wish to change the configuration ended. Only [Saved] and [Deleted] changed anything.
public sealed interface Outcome {

    /// New versions were saved.
    ///
    /// @param versions the latest version of every document that was sent, in its order
    /// @param changed those of them that are new
    record Saved(List<Version> versions, List<Version> changed) implements Outcome {
        public Saved {
            versions = List.copyOf(versions);
            changed = List.copyOf(changed);
        }
    }

    record Deleted() implements Outcome {}

    record Invalid(List<Problem> problems) implements Outcome {
        public Invalid {
            problems = List.copyOf(problems);
        }
    }

    record NameTaken(List<Problem> problems) implements Outcome {
        public NameTaken {
            problems = List.copyOf(problems);
        }
    }

    record Missing() implements Outcome {}

    /// Somebody else saved a version in between.
    record Stale(Version current) implements Outcome {}

    /// One of CloudFront's own policies.
    record Managed() implements Outcome {}

    /// Something selects the policy.
    ///
    /// @param distributions the names of those that select the policy
    record InUse(List<String> distributions) implements Outcome {
        public InUse {
            distributions = List.copyOf(distributions);
        }
    }

    record NotDisabled() implements Outcome {}
}
