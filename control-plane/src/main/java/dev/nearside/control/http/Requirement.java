package dev.nearside.control.http;

/// What a route asks of its caller.
public sealed interface Requirement {

    record Anyone() implements Requirement {}

    record AtLeast(Role role) implements Requirement {}

    record AnEdge() implements Requirement {}

    /// Whether a caller may pass, or why not.
    enum Verdict {
        PASS,
        UNKNOWN_CALLER,
        NOT_ALLOWED
    }

    default Verdict judge(Caller caller) {
        return switch (this) {
            case Anyone() -> Verdict.PASS;
            case AtLeast(var role) ->
                switch (caller) {
                    case Caller.Stranger() -> Verdict.UNKNOWN_CALLER;
                    case Caller.Known known -> known.role().covers(role) ? Verdict.PASS : Verdict.NOT_ALLOWED;
                    case Caller.Edge _ -> Verdict.NOT_ALLOWED;
                };
            case AnEdge() ->
                switch (caller) {
                    case Caller.Stranger() -> Verdict.UNKNOWN_CALLER;
                    case Caller.Known _ -> Verdict.NOT_ALLOWED;
                    case Caller.Edge _ -> Verdict.PASS;
                };
        };
    }
}
