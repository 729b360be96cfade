package dev.nearside.model.wire;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problems;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The labels of an edge out of their document: few, short, and fit to stand in a selector like `site=ams`.
public final class LabelsReader {

    /// As many labels as an edge may have.
    public static final int MOST = 32;

    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9._/-]{0,61}[a-z0-9])?");
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._:/-]{0,61}[A-Za-z0-9])?");

    private LabelsReader() {}

    /// The labels, sorted by name; none if the document has none.
    public static Checked<Map<String, String>> read(@Nullable Map<String, String> document) {
        var problems = Problems.none();
        var labels = new TreeMap<String, String>();
        if (document != null) {
            check(document, problems.at("labels"));
            document.forEach((name, value) -> labels.put(name, Documents.or(value, "")));
        }
        return Checked.of(labels, problems.list());
    }

    private static void check(Map<String, String> document, Problems at) {
        if (document.size() > MOST) at.add("%d labels (expected: at most %d)".formatted(document.size(), MOST));
        new TreeMap<>(document).forEach((name, value) -> {
            if (!NAME.matcher(name).matches()) {
                at.add(
                        shortened(name),
                        "names of 1 to 63 lower-case letters, digits, '-', '_', '.' and '/',"
                                + " that begin and end with a letter or digit");
            } else if (!VALUE.matcher(Documents.or(value, "")).matches()) {
                at.at(name)
                        .add(
                                shortened(Documents.or(value, "")),
                                "1 to 63 letters, digits, '-', '_', '.', ':' and '/',"
                                        + " that begin and end with a letter or digit");
            }
        });
    }

    private static String shortened(String said) {
        return said.length() > 80 ? said.substring(0, 80) + "…" : said;
    }
}
