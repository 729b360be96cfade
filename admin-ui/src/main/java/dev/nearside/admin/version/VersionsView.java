package dev.nearside.admin.version;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Differences;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Panel;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Table;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.DocumentKind;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.VersionDifference;
import dev.nearside.model.wire.api.Versions;
import jakarta.annotation.security.PermitAll;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The versions of one document, any two of them side by side, and the way back to one.
@Route(Places.VERSIONS + "/:kind/:id")
@PermitAll
final class VersionsView extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;
    private final Role role;

    VersionsView(ControlPlane controlPlane, SignedIn person) {
        super("Versions", "");
        this.controlPlane = controlPlane;
        this.role = person.role();
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        var kind = event.getRouteParameters().get("kind").flatMap(DocumentKind::at);
        if (kind.isEmpty()) {
            body(new Note(Tone.BAD, "There is no such kind of document", ""));
            return;
        }
        var query = event.getLocation().getQueryParameters();
        show(
                kind.get(),
                event.getRouteParameters().get("id").orElse(""),
                query.getSingleParameter("from").flatMap(VersionsView::number),
                query.getSingleParameter("to").flatMap(VersionsView::number));
    }

    private static Optional<Long> number(String text) {
        return text.matches("[0-9]{1,9}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private void show(DocumentKind kind, String id, Optional<Long> saidFrom, Optional<Long> saidTo) {
        var place = kind == DocumentKind.DISTRIBUTION ? Places.distribution(id) : Places.policy(kind.path(), id);
        under(new Link(place, kind.title()));
        name("Versions of " + nameOf(kind, id), "Each saved change is a version of its own, and none is ever changed.");
        var answer = controlPlane.versions(kind, id);
        if (!(answer instanceof Done<Versions>(var versions))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) body(trouble);
            return;
        }
        if (versions.items().isEmpty()) {
            body(new Note(Tone.PLAIN, "There is one version", "Managed policies are the same everywhere."));
            return;
        }
        long newest = versions.items().getFirst().version();
        long to = saidTo.orElse(newest);
        long from = saidFrom.orElse(Math.max(1, to - 1));
        var parts = new ArrayList<Component>();
        parts.add(history(kind, id, versions, newest));
        parts.add(comparison(kind, id, versions, from, to));
        parts.add(new ApiCall(new Curl(controlPlane.address())
                .get("/%s/%s/versions/%d/diff/%d".formatted(kind.path(), id, from, to))));
        body(parts.toArray(Component[]::new));
    }

    private Component history(DocumentKind kind, String id, Versions versions, long newest) {
        var table = new Table<Versions.Item>("versions", "Versions")
                .rowId(version -> "version-" + version.version())
                .text("Version", version -> String.valueOf(version.version()))
                .when("Saved", version -> Words.instant(version.at()))
                .text("By", Versions.Item::author)
                .text("Comment", version -> version.comment().isBlank() ? "—" : version.comment())
                .column("", version -> tools(kind, id, version.version(), newest));
        table.show(versions.items());
        return table;
    }

    private Component tools(DocumentKind kind, String id, long version, long newest) {
        var tools = new Div();
        tools.addClassName("row");
        if (version == newest) return tools;
        tools.add(new Link(Places.versions(kind.path(), id, version, newest), "Compare with " + newest));
        var restore = new Button("Restore", _ -> confirm(kind, id, version, newest));
        restore.setId("restore-" + version);
        restore.addThemeVariants(ButtonVariant.TERTIARY);
        tools.add(new Permitted(role, Role.OPERATOR, restore));
        return tools;
    }

    private Component comparison(DocumentKind kind, String id, Versions versions, long from, long to) {
        var filters = new Div(
                choice(
                        "compare-from",
                        "From",
                        versions,
                        from,
                        picked -> go(Places.versions(kind.path(), id, picked, to))),
                choice("compare-to", "To", versions, to, picked -> go(Places.versions(kind.path(), id, from, picked))));
        filters.addClassName("filters");
        var panel =
                new Panel("Version %d beside version %d".formatted(from, to), filters, differences(kind, id, from, to));
        panel.setId("comparison");
        return panel;
    }

    private static Select<Long> choice(String id, String name, Versions versions, long chosen, LongConsumer then) {
        var choice = new Select<Long>();
        choice.setId(id);
        choice.setLabel(name);
        choice.setItems(versions.items().stream().map(Versions.Item::version).toList());
        choice.setItemLabelGenerator(version -> "Version " + version);
        choice.setValue(chosen);
        choice.addValueChangeListener(event -> {
            if (event.getValue() != null) then.accept(event.getValue());
        });
        return choice;
    }

    private Component differences(DocumentKind kind, String id, long from, long to) {
        var answer = controlPlane.compareVersions(kind, id, from, to);
        if (answer instanceof Done<VersionDifference>(var difference)) {
            return Differences.of("version-differences", difference.differences());
        }
        var trouble = Trouble.note(answer);
        return trouble == null ? new Div() : trouble;
    }

    private void confirm(DocumentKind kind, String id, long version, long newest) {
        new RestoreDialog(
                        controlPlane,
                        kind,
                        id,
                        version,
                        newest,
                        differences(kind, id, newest, version),
                        () -> go(Places.versions(kind.path(), id, newest, newest + 1)))
                .open();
    }

    private String nameOf(DocumentKind kind, String id) {
        var name = switch (kind) {
            case DISTRIBUTION ->
                controlPlane.distribution(id).map(item -> said(item.config().name()));
            case CACHE_POLICY ->
                controlPlane.cachePolicy(id).map(item -> said(item.config().name()));
            case ORIGIN_REQUEST_POLICY ->
                controlPlane
                        .originRequestPolicy(id)
                        .map(item -> said(item.config().name()));
            case RESPONSE_HEADERS_POLICY ->
                controlPlane
                        .responseHeadersPolicy(id)
                        .map(item -> said(item.config().name()));
        };
        return name.orElse(List.of()).stream().findFirst().orElse(id);
    }

    private static List<String> said(@Nullable String name) {
        return name == null ? List.of() : List.of(name);
    }

    private void go(String address) {
        getUI().ifPresent(ui -> Link.follow(ui, address));
    }
}
