package dev.nearside.model.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Gathers every problem of a document while it is read, each under its path.
///
/// Of a document of millions of mistakes the first [#MOST_KEPT] are kept, which is more than anybody reads; the
/// others are only counted.
public final class Problems {

    public static final int MOST_KEPT = 1_000;

    private final String path;
    private final Found found;

    private Problems(String path, Found found) {
        this.path = path;
        this.found = found;
    }

    /// What all views of one document share.
    private static final class Found {
        private final List<Problem> kept = new ArrayList<>();
        private int count;

        void add(Problem problem) {
            count++;
            if (kept.size() < MOST_KEPT) kept.add(problem);
        }
    }

    public static Problems none() {
        return new Problems("", new Found());
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
        return found.count == 0;
    }

    /// Of all that were found, also of those that were not kept.
    public int count() {
        return found.count;
    }

    /// The first of them.
    public List<Problem> list() {
        return List.copyOf(found.kept);
    }
}
