package dev.nearside.admin.invalidation;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Chips;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.EmptyState;
import dev.nearside.admin.component.Glyph;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Panel;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.component.Table;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.Answer.Refused;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.Role;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.Invalidations;
import dev.nearside.model.wire.api.NewInvalidation;
import jakarta.annotation.security.PermitAll;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// Orders an invalidation for a distribution, and shows those that were ordered before.
@Route(Places.INVALIDATIONS)
@PermitAll
final class InvalidationsView extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;
    private final InstantSource clock;
    private final Role role;
    private final TextArea paths = new TextArea("Paths");
    private final Checkbox everything = new Checkbox("Everything the distribution has");
    private final Checkbox soft = new Checkbox("Soft: mark as stale, and let the origin confirm what has not changed");
    private final Div problems = new Div();
    private final ApiCall command = new ApiCall("");
    private final Div history = new Div();
    private final Table<Invalidations.Item> table = table();
    private volatile String distribution = "";
    private volatile String marker = "";

    InvalidationsView(ControlPlane controlPlane, SignedIn person, InstantSource clock, Pulse pulse) {
        super("Invalidations", "Make edges stop serving what they stored, before its time is up.");
        this.controlPlane = controlPlane;
        this.clock = clock;
        this.role = person.role();
        paths.setId("invalidation-paths");
        paths.setPlaceholder("/static/*\n/index.html");
        paths.setHelperText(
                "One path a line, or a tag like #product:42. A * at the end of a path stands for everything that begins so.");
        paths.setMinRows(3);
        paths.setWidthFull();
        paths.addValueChangeListener(_ -> showCommand());
        everything.setId("invalidation-everything");
        everything.addValueChangeListener(change -> {
            paths.setEnabled(!change.getValue());
            showCommand();
        });
        soft.setId("invalidation-soft");
        soft.addValueChangeListener(_ -> showCommand());
        pulse.keep(this, Duration.ofSeconds(2), this::ask, this::show);
    }

    private Answer<Invalidations> ask() {
        return distribution.isEmpty()
                ? new Done<>(new Invalidations(List.of(), 0, null))
                : controlPlane.invalidations(distribution, marker);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        var answer = controlPlane.distributions();
        if (!(answer instanceof Done<Distributions>(var all))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) body(trouble);
            return;
        }
        if (all.items().isEmpty()) {
            body(new EmptyState(
                    Glyph.INVALIDATION,
                    "There is nothing to invalidate yet",
                    "Invalidations belong to a distribution. Create one through the API first.",
                    new Link(Places.DISTRIBUTIONS, "Distributions")));
            return;
        }
        var parameters = event.getLocation().getQueryParameters();
        var asked = parameters.getSingleParameter("distribution").orElse("");
        var chosen = all.items().stream()
                .filter(item -> item.id().equals(asked))
                .findFirst()
                .orElse(all.items().getFirst());
        distribution = chosen.id();
        parameters
                .getSingleParameter("paths")
                .ifPresent(again -> paths.setValue(again.lines().collect(Collectors.joining("\n"))));
        soft.setValue(parameters.getSingleParameter("soft").isPresent());
        marker = parameters.getSingleParameter("marker").orElse("");
        body(order(all.items(), chosen), history);
        show(ask());
    }

    private Component order(List<Distributions.Item> all, Distributions.Item chosen) {
        var choice = new Select<Distributions.Item>();
        choice.setId("invalidation-distribution");
        choice.setLabel("Distribution");
        choice.setItems(all);
        choice.setItemLabelGenerator(
                item -> Objects.requireNonNullElse(item.config().name(), item.id()));
        choice.setValue(chosen);
        choice.addValueChangeListener(change -> change.getSource()
                .getUI()
                .ifPresent(ui ->
                        Link.follow(ui, Places.invalidationsOf(change.getValue().id()))));
        var create = new Button("Invalidate", Glyph.INVALIDATION.draw(), _ -> orderOrConfirm(chosen));
        create.setId("invalidation-create");
        create.addThemeVariants(ButtonVariant.PRIMARY);
        var form = new Div(choice, paths, everything, soft);
        form.addClassName("form");
        paths.addClassName("wide");
        problems.setId("invalidation-problems");
        showCommand();
        var buttons = new Div(new Permitted(role, Role.OPERATOR, create));
        buttons.addClassName("buttons");
        return new Panel("New invalidation", problems, form, buttons, command);
    }

    private List<String> written() {
        if (everything.getValue()) return List.of("/*");
        return paths.getValue()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private void showCommand() {
        var lines = written();
        command.show(new Curl(controlPlane.address())
                .post(
                        "/distributions/" + distribution + "/invalidations?wait=all&timeout=30s",
                        new NewInvalidation(
                                lines.isEmpty() ? List.of("/static/*") : lines, null, soft.getValue() ? true : null)));
    }

    private void orderOrConfirm(Distributions.Item chosen) {
        if (soft.getValue() || !written().contains("/*")) {
            order();
            return;
        }
        var dialog = new ConfirmDialog();
        dialog.setHeader("Invalidate everything?");
        dialog.setText("All objects of %s are fetched from its origins anew. Expect more load there for a while."
                .formatted(Objects.requireNonNullElse(chosen.config().name(), chosen.id())));
        dialog.setCancelable(true);
        dialog.setConfirmText("Invalidate everything");
        dialog.addConfirmListener(_ -> order());
        dialog.open();
    }

    private void order() {
        problems.removeAll();
        paths.setInvalid(false);
        switch (controlPlane.invalidate(distribution, written(), soft.getValue())) {
            case Done(var ordered) ->
                getUI().ifPresent(ui -> Link.follow(ui, Places.invalidation(distribution, ordered.id())));
            case Refused(var _, var title, var detail, var found)
            when !found.isEmpty() -> {
                paths.setErrorMessage(found.stream().map(Problem::toString).collect(Collectors.joining("\n")));
                paths.setInvalid(true);
                problems.add(new Note(Tone.BAD, title, detail).alert());
            }
            case Answer<Invalidations.Item> other -> {
                var trouble = Trouble.note(other);
                if (trouble != null) problems.add(trouble.alert());
            }
        }
    }

    private void show(Answer<Invalidations> answer) {
        history.removeAll();
        if (!(answer instanceof Done<Invalidations>(var invalidations))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) history.add(trouble);
        } else if (invalidations.items().isEmpty()) {
            history.add(new EmptyState(
                    Glyph.INVALIDATION,
                    "Nothing was invalidated yet",
                    "Each invalidation is listed here with how far it came on each edge."));
        } else {
            table.show(invalidations.items());
            history.add(table);
            var pages = new Div();
            pages.addClassName("buttons");
            if (!marker.isEmpty()) pages.add(new Link(Places.invalidationsOf(distribution), "Newest"));
            var next = invalidations.nextMarker();
            if (next != null) {
                pages.add(new Link(Places.invalidationsOf(distribution) + "&marker=" + Places.encoded(next), "Older"));
            }
            history.add(pages);
        }
    }

    private Table<Invalidations.Item> table() {
        return new Table<Invalidations.Item>("invalidations", "Invalidations")
                .rowId(item -> "invalidation-" + item.id())
                .column("Invalidation", InvalidationsView::identified)
                .column("Paths", item -> new Chips(item.paths(), 4, item.pathCount()))
                .column("State", item -> Receipts.status(item))
                .text("Edges", Receipts::count)
                .column("Ordered", this::ordered)
                .column("", item -> Receipts.again(item, role));
    }

    private static Component identified(Invalidations.Item item) {
        var link = new Link(Places.invalidation(item.distributionId(), item.id()), Receipts.shortened(item.id()));
        link.addClassName("mono");
        link.setTitle(item.id());
        return link;
    }

    private Component ordered(Invalidations.Item item) {
        var when = new Span(Words.ago(item.createTime(), clock.instant()));
        when.setTitle(Words.instant(item.createTime()));
        var who = new Span("by " + item.author());
        who.addClassName("quiet");
        var cell = new Div(when, who);
        cell.addClassName("stack");
        return cell;
    }
}
