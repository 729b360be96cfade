package dev.nearside.control.configuration;

import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.api.DocumentDifference;
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

    /// The configuration as a whole was changed, or would have been.
    ///
    /// @param versions the latest versions of what was sent, in its order; those that were not stored have the
    ///     numbers that they would have got
    record Applied(List<Version> before, List<Version> after, List<Version> versions) implements Outcome {
        public Applied {
            before = List.copyOf(before);
            after = List.copyOf(after);
            versions = List.copyOf(versions);
        }
    }

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

    /// What the change was made on, all documents together, is not there any more.
    ///
    /// @param what as `configuration` or `draft`
    record StaleWhole(String what, String etag) implements Outcome {}

    /// The change would undo what others did, and does not say that it knows of it.
    ///
    /// @param what as `configuration` or `draft`
    record Unguarded(String what, String etag, List<DocumentDifference> lost) implements Outcome {
        public Unguarded {
            lost = List.copyOf(lost);
        }
    }

    /// One of CloudFront's own policies.
    record Managed() implements Outcome {}

    /// Something selects the policy.
    ///
    /// @param users who selects the policy, as `distribution shop`
    record InUse(List<String> users) implements Outcome {
        public InUse {
            users = List.copyOf(users);
        }
    }

    record NotDisabled() implements Outcome {}
}
