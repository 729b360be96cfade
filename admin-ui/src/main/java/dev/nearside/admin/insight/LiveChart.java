package dev.nearside.admin.insight;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.HasSize;
import com.vaadin.flow.component.HasStyle;
import com.vaadin.flow.component.Tag;
import com.vaadin.flow.component.dependency.JsModule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A chart over time that grows as the server pushes rows; drawn by ECharts in the browser.
///
/// A row is the instant in milliseconds followed by one value a series; a missing value leaves a gap.
@Tag("live-chart")
@JsModule("context://charts/v1/live-chart.js")
final class LiveChart extends Component implements HasSize, HasStyle {

    /// How values are spelled on the axis and in the tooltip.
    enum Unit {
        PERCENT,
        BYTES,
        RATE;

        String word() {
            return switch (this) {
                case PERCENT -> "percent";
                case BYTES -> "bytes";
                case RATE -> "rate";
            };
        }
    }

    /// One line or band; the colour is a CSS value and may differ between light and dark.
    record Series(String name, String colour, boolean filled, boolean dashed) {}

    /// What happened at an instant, as a vertical line through the chart.
    record Mark(long at, String label) {
        static Mark of(Instant at, String label) {
            return new Mark(at.toEpochMilli(), label);
        }
    }

    record Spec(String unit, boolean stacked, long windowMillis, List<Series> series) {}

    LiveChart(String id, String description) {
        setId(id);
        getElement().setAttribute("role", "img");
        getElement().setAttribute("aria-label", description);
        addClassName("live-chart");
    }

    void describe(Unit unit, boolean stacked, Duration window, List<Series> series) {
        getElement().callJsFunction("setSpec", new Spec(unit.word(), stacked, window.toMillis(), List.copyOf(series)));
    }

    void show(List<List<@Nullable Number>> rows, List<Mark> marks) {
        getElement().callJsFunction("setData", rows, marks);
    }

    void append(List<List<@Nullable Number>> rows, List<Mark> marks) {
        getElement().callJsFunction("append", rows, marks);
    }
}
