package dev.nearside.model.check;

/// One reason to refuse a document: where, what was said, what was expected.
///
/// @param path where in the document, as `cacheBehaviors[2].pathPattern`; empty for the document itself
/// @param message what was said and what was expected instead, as `-5 (expected: zero or more)`
public record Problem(String path, String message) {

    @Override
    public String toString() {
        return path.isEmpty() ? message : path + ": " + message;
    }
}
