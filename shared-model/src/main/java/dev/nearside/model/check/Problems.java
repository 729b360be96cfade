package dev.nearside.model.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Gathers every problem of a document while it is read, each under its path.
public final class Problems {

    private final String path;
    private final List<Problem> found;

    private Problems(String path, List<Problem> found) {
        this.path = path;
        this.found = found;
    }

    public static Problems none() {
        return new Problems("", new ArrayList<>());
    }

    /// The same collection, seen from a property of this place.
    public Problems at(String property) {
        return new Problems(path.isEmpty() ? property : path + "." + property, found);
    }

    /// The same collection, seen from an element of the list at this place.
    public Problems at(int index) {
        return new Problems(path + "[" + index + "]", found);
    }

    public void add(String message) {
        found.add(new Problem(path, message));
    }

    /// One that was found elsewhere, under its own path.
    public void add(Problem problem) {
        found.add(problem);
    }

    /// What was said and what was expected instead.
    public void add(Object said, String expected) {
        add("%s (expected: %s)".formatted(said instanceof String ? "\"" + said + "\"" : said, expected));
    }

    public void add(Optional<String> message) {
        message.ifPresent(this::add);
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public int count() {
        return found.size();
    }

    public List<Problem> list() {
        return List.copyOf(found);
    }
}
