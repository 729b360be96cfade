package dev.nearside.admin.policy;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextArea;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which headers, cookies or query parameters: none, all, or a list of names, one a line.
final class NamesField extends Div {

    private static final Map<String, String> WORDS =
            Map.of("none", "None", "whitelist", "Only these", "allExcept", "All but these", "all", "All");

    private final Select<String> behavior = new Select<>();
    private final TextArea names = new TextArea();

    NamesField(String id, String label, List<String> behaviors) {
        addClassName("stack");
        behavior.setId(id + "-behavior");
        behavior.setLabel(label);
        behavior.setItems(behaviors);
        behavior.setItemLabelGenerator(word -> WORDS.getOrDefault(word, word));
        behavior.setWidthFull();
        behavior.addValueChangeListener(change -> names.setVisible(takesNames(change.getValue())));
        names.setId(id + "-names");
        names.setPlaceholder("One name a line");
        names.setAriaLabel(label + ", one name a line");
        names.setMinRows(2);
        names.setWidthFull();
        add(behavior, names);
        set(behaviors.getFirst(), List.of());
    }

    private static boolean takesNames(@Nullable String behavior) {
        return "whitelist".equals(behavior) || "allExcept".equals(behavior);
    }

    void set(@Nullable String word, @Nullable List<String> all) {
        behavior.setValue(Objects.requireNonNullElse(word, "none"));
        names.setValue(all == null ? "" : String.join("\n", all));
        names.setVisible(takesNames(word));
    }

    String behavior() {
        return Objects.requireNonNullElse(behavior.getValue(), "none");
    }

    List<String> names() {
        return names.isVisible()
                ? names.getValue()
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList()
                : List.of();
    }

    void onChange(Runnable tell) {
        behavior.addValueChangeListener(_ -> tell.run());
        names.addValueChangeListener(_ -> tell.run());
    }

    void mark(String problem) {
        if (names.isVisible()) {
            names.setErrorMessage(problem);
            names.setInvalid(true);
        } else {
            behavior.setErrorMessage(problem);
            behavior.setInvalid(true);
        }
    }

    void unmark() {
        names.setInvalid(false);
        behavior.setInvalid(false);
    }
}
