package dev.nearside.control.http;

/// Who sent a request, as far as their credential proves it.
public sealed interface Caller {

    /// Nobody in particular: no credential, or none that is known.
    record Stranger() implements Caller {}

    /// A person or a script.
    record Known(String name, Role role, boolean isPerson) implements Caller {}

    /// An enrolled edge.
    record Edge(String id) implements Caller {}

    /// The name that the audit log and the authors of versions carry.
    default String name() {
        return switch (this) {
            case Stranger _ -> "nobody";
            case Known known -> known.name();
            case Edge(var id) -> "edge " + id;
        };
    }
}
