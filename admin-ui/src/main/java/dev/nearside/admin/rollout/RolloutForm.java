package dev.nearside.admin.rollout;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.NumberField;
import com.vaadin.flow.component.textfield.TextField;
import dev.nearside.model.wire.api.NewRollout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks whether a snapshot is to be tried on some edges first, on which, for how long, and what is watched.
public final class RolloutForm extends Div {

    private final Checkbox isStaged = new Checkbox("Try it on some edges first");
    private final TextField labels = new TextField("Edges with the labels");
    private final IntegerField percentage = new IntegerField("or per cent of the edges");
    private final TextField duration = new TextField("Watch for");
    private final NumberField serverErrors = new NumberField("5xx: points more");
    private final NumberField hitRatio = new NumberField("Hit ratio: points less");
    private final NumberField latency = new NumberField("p95 latency: times as long");
    private final IntegerField requests = new IntegerField("Requests on each side");

    @SuppressWarnings("this-escape") // adding parts to itself is how a component is composed
    public RolloutForm() {
        addClassName("stack");
        isStaged.setId("rollout-staged");
        labels.setId("rollout-labels");
        labels.setPlaceholder("region=eu, tier=small");
        percentage.setId("rollout-percentage");
        percentage.setMin(1);
        percentage.setMax(99);
        duration.setId("rollout-duration");
        duration.setValue("10m");
        serverErrors.setId("rollout-server-errors");
        serverErrors.setValue(1.0);
        hitRatio.setId("rollout-hit-ratio");
        hitRatio.setValue(10.0);
        latency.setId("rollout-latency");
        latency.setValue(2.0);
        requests.setId("rollout-requests");
        requests.setValue(100);
        requests.setMin(1);
        var who = row(labels, percentage, duration);
        var guards = row(serverErrors, hitRatio, latency, requests);
        who.setVisible(false);
        guards.setVisible(false);
        isStaged.addValueChangeListener(now -> {
            who.setVisible(now.getValue());
            guards.setVisible(now.getValue());
        });
        var how = new Paragraph(
                "If the canaries fare worse than the other edges by more than this, all get back what they had.");
        how.setVisible(false);
        isStaged.addValueChangeListener(now -> how.setVisible(now.getValue()));
        add(isStaged, who, how, guards);
    }

    private static Div row(Component... fields) {
        var row = new Div(fields);
        row.addClassName("row");
        return row;
    }

    /// What is wished for; empty to give the snapshot to all edges at once. The control plane says what is wrong.
    public Optional<NewRollout> wanted() {
        if (!isStaged.getValue()) return Optional.empty();
        var chosen = labels.getValue().isBlank() ? null : labels(labels.getValue());
        return Optional.of(new NewRollout(
                new NewRollout.Canaries(chosen, percentage.getValue()),
                duration.getValue().strip(),
                new NewRollout.Guards(given(serverErrors), given(hitRatio), given(latency), requests.getValue())));
    }

    private static @Nullable Double given(NumberField field) {
        return field.getValue();
    }

    /// `name=value` pairs between commas; a pair without `=` has an empty value, which the control plane refuses.
    private static Map<String, String> labels(String said) {
        var labels = new LinkedHashMap<String, String>();
        for (var pair : said.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (pair.isBlank()) continue;
            labels.put(
                    (equals < 0 ? pair : pair.substring(0, equals)).strip(),
                    equals < 0 ? "" : pair.substring(equals + 1).strip());
        }
        return labels;
    }
}
