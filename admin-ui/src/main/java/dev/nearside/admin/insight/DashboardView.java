package dev.nearside.admin.insight;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.DetachEvent;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.dom.Element;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Panel;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Switch;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.insight.LiveChart.Mark;
import dev.nearside.admin.insight.LiveChart.Series;
import dev.nearside.admin.insight.LiveChart.Unit;
import dev.nearside.admin.insight.LiveTraffic.Picture;
import dev.nearside.admin.insight.LiveTraffic.Question;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.Metrics.Point;
import jakarta.annotation.security.PermitAll;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The overview: is the fleet healthy, and what does it save the origins? The server pushes it each second.
@Route("")
@PermitAll
final class DashboardView extends Page implements BeforeEnterObserver {

    /// A class of results, as the charts name and colour it.
    private record ResultClass(
            String name, String colour, ToLongFunction<Point> requests, ToLongFunction<Point> bytes) {}

    private static final List<ResultClass> CLASSES = List.of(
            new ResultClass("Hit", "var(--ns-chart-hit)", Point::hits, Point::hitBytes),
            new ResultClass("Refresh hit", "var(--ns-chart-refresh)", Point::refreshHits, Point::refreshHitBytes),
            new ResultClass("Stale", "var(--ns-chart-stale)", Point::stales, Point::staleBytes),
            new ResultClass("Collapsed", "var(--ns-chart-collapsed)", Point::collapsed, Point::collapsedBytes),
            new ResultClass("Miss", "var(--ns-chart-miss)", Point::misses, Point::missBytes),
            new ResultClass("Pass", "var(--ns-chart-pass)", Point::passes, Point::passBytes),
            new ResultClass("Error", "var(--ns-chart-error)", Point::errors, Point::errorBytes));

    private static final List<Range> RANGES = List.of(
            new Range("5m", "5 min", Duration.ofMinutes(5), Duration.ofSeconds(1)),
            new Range("15m", "15 min", Duration.ofMinutes(15), Duration.ofSeconds(3)),
            new Range("1h", "1 hour", Duration.ofHours(1), Duration.ofSeconds(10)));

    /// A second holds too few requests for a steady ratio, so each point looks back this far.
    private static final Duration SMOOTHING = Duration.ofSeconds(10);

    private record Range(String word, String name, Duration window, Duration step) {}

    private final ControlPlane controlPlane;
    private final LiveTraffic traffic;
    private final InstantSource clock;

    private final Div notes = new Div();
    private final Tile hitRatio = new Tile("tile-hit-ratio", "Hit ratio, requests");
    private final Tile byteHitRatio = new Tile("tile-byte-hit-ratio", "Hit ratio, bytes");
    private final Tile rate = new Tile("tile-requests", "Requests per second");
    private final Tile offload = new Tile("tile-offload", "Origin offload");
    private final Tile errors = new Tile("tile-errors", "Errors");
    private final Tile edges = new Tile("tile-edges", "Edges connected");
    private final LiveChart ratios =
            new LiveChart("live-hit-ratio", "Hit ratio over time; the tiles above say the current values");
    private final LiveChart bytes = new LiveChart("live-bytes", "Bytes to viewers over time, by result");
    private final LiveChart requests = new LiveChart("live-requests", "Requests over time, by result");

    private Range range = RANGES.getFirst();
    private Optional<String> distribution = Optional.empty();
    private LiveTraffic.Watching watching = () -> {};
    private long sentUntil;

    DashboardView(ControlPlane controlPlane, LiveTraffic traffic, InstantSource clock) {
        super("Dashboard", "What the edges answer right now, and what that saves the origins.");
        this.controlPlane = controlPlane;
        this.traffic = traffic;
        this.clock = clock;
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        var asked = event.getLocation().getQueryParameters();
        var word = asked.getSingleParameter("range").orElse("");
        range = RANGES.stream()
                .filter(candidate -> candidate.word().equals(word))
                .findFirst()
                .orElse(RANGES.getFirst());
        distribution = asked.getSingleParameter("distribution").filter(id -> !id.isBlank());
        compose();
        if (isAttached()) watchAnew(UI.getCurrent());
    }

    private void compose() {
        var ranges = new Switch("Time range");
        for (var each : RANGES) ranges.choice("range-" + each.word(), each.name(), address(each), each.equals(range));
        actions(distributions(), ranges);

        var tiles = new Div(hitRatio, byteHitRatio, rate, offload, errors, edges);
        tiles.addClassName("tiles");
        edges.leadsTo(Places.EDGES);

        ratios.describe(
                Unit.PERCENT,
                false,
                range.window(),
                List.of(
                        new Series("By requests", "var(--ns-chart-hit)", true, false),
                        new Series("By bytes", "var(--ns-chart-refresh)", false, true)));
        var stacked = CLASSES.stream()
                .map(each -> new Series(each.name(), each.colour(), true, false))
                .toList();
        bytes.describe(Unit.BYTES, true, range.window(), stacked);
        requests.describe(Unit.RATE, true, range.window(), stacked);

        var below = new Div(
                new Panel("Bytes to viewers", bytes, classLegend()), new Panel("Requests", requests, classLegend()));
        below.addClassName("columns");
        body(
                notes,
                tiles,
                new Panel(
                                "Hit ratio",
                                ratios,
                                legend(List.of(
                                        new Series("By requests", "var(--ns-chart-hit)", true, false),
                                        new Series("By bytes", "var(--ns-chart-refresh)", false, true))))
                        .note("Dotted lines: published snapshots"),
                below,
                new ApiCall(new Curl(controlPlane.address())
                        .get("/metrics?range=%s&step=%ds"
                                        .formatted(range.word(), range.step().toSeconds())
                                + distribution.map(id -> "&distribution=" + id).orElse(""))));
    }

    private Select<Distributions.Item> distributions() {
        var choice = new Select<Distributions.Item>();
        choice.setId("dashboard-distribution");
        choice.setAriaLabel("Distribution");
        choice.setPlaceholder("All distributions");
        choice.setEmptySelectionAllowed(true);
        choice.setEmptySelectionCaption("All distributions");
        choice.setItemLabelGenerator(item -> item == null
                ? "All distributions"
                : Objects.requireNonNullElse(item.config().name(), item.id()));
        var all = controlPlane.distributions().map(Distributions::items).orElse(List.of());
        choice.setItems(all);
        all.stream()
                .filter(item -> item.id().equals(distribution.orElse("")))
                .findFirst()
                .ifPresent(choice::setValue);
        choice.addValueChangeListener(change -> {
            distribution = Optional.ofNullable(change.getValue()).map(Distributions.Item::id);
            change.getSource().getUI().ifPresent(ui -> Link.follow(ui, address(range)));
        });
        return choice;
    }

    private String address(Range wanted) {
        return "?range=" + wanted.word()
                + distribution.map(id -> "&distribution=" + Places.encoded(id)).orElse("");
    }

    @Override
    protected void onAttach(AttachEvent event) {
        watchAnew(event.getUI());
    }

    @Override
    protected void onDetach(DetachEvent event) {
        watching.end();
    }

    private void watchAnew(UI ui) {
        watching.end();
        sentUntil = 0;
        watching = traffic.watch(controlPlane, new Question(range.window(), range.step(), distribution), picture -> {
            var _ = ui.access(() -> show(picture));
        });
    }

    private void show(Picture picture) {
        if (picture.signedOut()) {
            Trouble.toLogin();
            return;
        }
        stale(picture);
        tiles(picture);
        charts(picture);
    }

    private void stale(Picture picture) {
        notes.removeAll();
        picture.trouble()
                .ifPresent(reason -> notes.add(new Note(
                        Tone.WARN,
                        "This data is stale",
                        "The last answer came %s: %s. The edges go on answering viewers."
                                .formatted(Words.ago(picture.asOf(), clock.instant()), reason))));
        notes.setVisible(picture.trouble().isPresent());
        notes.setId("stale-note");
    }

    private void tiles(Picture picture) {
        var minute = Traffic.over(last(picture, Duration.ofMinutes(1)), picture.step());
        var now = Traffic.over(last(picture, SMOOTHING), picture.step());
        hitRatio.show(percent(minute.hitRatio()), "last minute");
        byteHitRatio.show(percent(minute.byteHitRatio()), "last minute");
        rate.show(
                Words.rate(now.requestsPerSecond()),
                Words.bytes((long) (now.bytes() / Math.max(1, now.seconds()))) + "/s");
        offload.show(percent(minute.offload()), Words.bytes(minute.originBytes()) + " from origins");
        errors.show(few(minute.errorRatio()), Words.count(minute.errors(), "error", "errors") + ", last minute");
        errors.tone(minute.errors() == 0 ? Tone.PLAIN : Tone.BAD);
        var ready = picture.edges().stream()
                .filter(edge -> edge.state().equals("connected"))
                .count();
        var all = picture.edges().size();
        edges.show(
                ready + " of " + all,
                all == 0 ? "none enrolled" : ready == all ? "all connected" : (all - ready) + " not connected");
        edges.tone(ready == all && all > 0 ? Tone.PLAIN : Tone.WARN);
    }

    private void charts(Picture picture) {
        var points = picture.points();
        if (points.isEmpty()) return;
        var marks = picture.snapshots().stream()
                .map(snapshot -> Mark.of(snapshot.createTime(), "snapshot " + snapshot.version()))
                .toList();
        var whole = sentUntil == 0;
        // The last rows are sent again: they grow while late reports come in.
        var from = whole ? 0 : first(points, sentUntil - 5000L * picture.step());
        var ratioRows = new ArrayList<List<@Nullable Number>>();
        var byteRows = new ArrayList<List<@Nullable Number>>();
        var requestRows = new ArrayList<List<@Nullable Number>>();
        var back = (int) Math.max(1, SMOOTHING.toSeconds() / picture.step());
        for (var i = from; i < points.size(); i++) {
            var at = points.get(i).at().toEpochMilli();
            var recent = points.subList(Math.max(0, i + 1 - back), i + 1);
            var sum = Traffic.over(recent, picture.step());
            ratioRows.add(row(at, rounded(sum.hitRatio()), rounded(sum.byteHitRatio())));
            byteRows.add(perSecond(at, recent, picture.step(), true));
            requestRows.add(perSecond(at, recent, picture.step(), false));
        }
        sentUntil = points.getLast().at().toEpochMilli();
        send(ratios, whole, ratioRows, marks);
        send(bytes, whole, byteRows, marks);
        send(requests, whole, requestRows, marks);
    }

    private static void send(LiveChart chart, boolean whole, List<List<@Nullable Number>> rows, List<Mark> marks) {
        if (whole) chart.show(rows, marks);
        else chart.append(rows, marks);
    }

    private static List<@Nullable Number> row(long at, @Nullable Number... values) {
        var row = new ArrayList<@Nullable Number>();
        row.add(at);
        for (var value : values) row.add(value);
        return row;
    }

    private static List<@Nullable Number> perSecond(long at, List<Point> recent, int step, boolean bytes) {
        var row = new ArrayList<@Nullable Number>();
        row.add(at);
        for (var each : CLASSES) {
            var sum = recent.stream()
                    .mapToLong(bytes ? each.bytes() : each.requests())
                    .sum();
            var perSecond = (double) sum / (recent.size() * step);
            row.add(bytes ? Math.round(perSecond) : Math.round(perSecond * 100) / 100.0);
        }
        return row;
    }

    private static int first(List<Point> points, long millis) {
        for (var i = points.size() - 1; i >= 0; i--) {
            if (points.get(i).at().toEpochMilli() < millis) return i + 1;
        }
        return 0;
    }

    private static List<Point> last(Picture picture, Duration time) {
        var points = picture.points();
        var count = (int) Math.max(1, time.toSeconds() / picture.step());
        return points.subList(Math.max(0, points.size() - count), points.size());
    }

    private static @Nullable Number rounded(OptionalDouble share) {
        return share.isPresent() ? (Number) (Math.round(share.getAsDouble() * 10_000) / 10_000.0) : null;
    }

    private static String percent(OptionalDouble share) {
        return share.isPresent() ? Words.percent(share.getAsDouble()) : "—";
    }

    /// Few is not none.
    private static String few(OptionalDouble share) {
        return share.isPresent() && share.getAsDouble() > 0 && share.getAsDouble() < 0.001 ? "< 0.1 %" : percent(share);
    }

    private static Div classLegend() {
        return legend(CLASSES.stream()
                .map(each -> new Series(each.name(), each.colour(), true, false))
                .toList());
    }

    private static Div legend(List<Series> series) {
        var legend = new Div();
        legend.addClassName("legend");
        for (var each : series) {
            var swatch = new Element("i");
            swatch.getStyle().set("background", each.colour());
            var entry = new Span();
            entry.getElement().appendChild(swatch, Element.createText(each.name()));
            legend.add(entry);
        }
        return legend;
    }

    /// One figure with its name and what it is about.
    private static final class Tile extends Div {

        private final Span name = new Span();
        private final Span value = new Span("—");
        private final Span hint = new Span();

        Tile(String id, String title) {
            addClassName("tile");
            setId(id);
            name.setText(title);
            name.addClassName("name");
            value.addClassName("value");
            value.setId(id + "-value");
            hint.addClassName("hint");
            add(name, value, hint);
        }

        void leadsTo(String address) {
            var link = new Link(address, name.getText());
            name.removeAll();
            name.add(link);
        }

        void show(String figure, String about) {
            value.setText(figure);
            hint.setText(about);
        }

        void tone(Tone tone) {
            removeClassNames(Tone.WARN.word(), Tone.BAD.word());
            addClassName(tone.word());
        }
    }
}
