package dev.nearside.admin.distribution;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouteAlias;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.Conflict;
import dev.nearside.admin.component.Differences;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Panel;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pretty;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.Answer.Refused;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.DocumentKind;
import dev.nearside.admin.control.Role;
import dev.nearside.admin.fleet.ConfigurationChanged;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.api.Distributions;
import jakarta.annotation.security.PermitAll;
import java.util.List;
import java.util.stream.Collectors;

/// A distribution as JSON, to change it. The control plane judges it; the field shows its verdict, line by line.
@Route(Places.DISTRIBUTIONS + "/:id/edit")
@RouteAlias(Places.DISTRIBUTIONS + "/new")
@PermitAll
final class DistributionEditor extends Page implements BeforeEnterObserver {

    private static final String START = """
            {
              "name": "",
              "enabled": true,
              "aliases": [],
              "origins": [
                {
                  "id": "site",
                  "domainName": ""
                }
              ],
              "defaultCacheBehavior": {
                "targetOriginId": "site",
                "viewerProtocolPolicy": "redirect-to-https",
                "cachePolicyId": "CachingOptimized"
              }
            }""";

    private final ControlPlane controlPlane;
    private final Role role;
    private final TextArea json = new TextArea("Configuration");
    private final TextField remark = new TextField("What changes, and why?");
    private final Div messages = new Div();

    /// The distribution and the version this edit began with; empty for a new one.
    private String id = "";

    private String etag = "";
    private long version;

    DistributionEditor(ControlPlane controlPlane, SignedIn person) {
        super("Distribution", "");
        this.controlPlane = controlPlane;
        this.role = person.role();
        json.setId("distribution-json");
        json.addClassName("json-editor");
        json.setWidthFull();
        json.setMinRows(20);
        json.getElement().setAttribute("spellcheck", "false");
        remark.setId("distribution-remark");
        remark.setWidthFull();
        remark.setHelperText("Kept with the version.");
        messages.setId("distribution-messages");
        messages.addClassName("messages");
        under(new Link(Places.DISTRIBUTIONS, "Distributions"));
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        var wanted = event.getRouteParameters().get("id");
        if (wanted.isEmpty()) {
            name("New distribution", "Viewers get it once a snapshot is published.");
            json.setValue(START);
            compose(Places.DISTRIBUTIONS);
            return;
        }
        var answer = controlPlane.distribution(wanted.get());
        if (!(answer instanceof Done<Distributions.Item>(var item))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) body(trouble);
            return;
        }
        load(item);
    }

    private void load(Distributions.Item item) {
        id = item.id();
        etag = item.etag();
        version = item.version();
        name("Edit " + DistributionWords.or(item.config().name(), id), "Saved as version " + (version + 1) + ".");
        json.setValue(Pretty.json(item.config()));
        json.setInvalid(false);
        messages.removeAll();
        compose(Places.distribution(id));
    }

    private void compose(String back) {
        var save = new Button("Save", _ -> save());
        save.setId("distribution-save");
        save.addThemeVariants(ButtonVariant.PRIMARY);
        var buttons = new Div(new Permitted(role, Role.OPERATOR, save), new Link(back, "Cancel"));
        buttons.addClassName("buttons");
        body(new Panel("As JSON", json, remark, messages, buttons));
    }

    private void save() {
        messages.removeAll();
        json.setInvalid(false);
        var answer = controlPlane.saveDistribution(
                id, etag, json.getValue(), remark.getValue().strip());
        if (answer instanceof Done<Distributions.Item>(var saved)) {
            ConfigurationChanged.announce();
            Trouble.done("Saved as version %d.".formatted(saved.version()));
            getUI().ifPresent(ui -> Link.follow(ui, Places.distribution(saved.id())));
        } else if (answer instanceof Refused<Distributions.Item> refused && refused.isConflict()) {
            conflict();
        } else if (answer instanceof Refused<Distributions.Item> refused
                && !refused.problems().isEmpty()) {
            json.setInvalid(true);
            json.setErrorMessage(told(refused.problems()));
            messages.add(new Note(Tone.BAD, refused.title(), refused.detail(), spelled(refused.problems())).alert());
        } else {
            var trouble = Trouble.note(answer);
            if (trouble != null) messages.add(trouble.alert());
        }
    }

    /// Somebody was faster. Nothing is lost or overwritten until the person decides which version wins.
    private void conflict() {
        Trouble.valueOrTell(controlPlane.distribution(id)).ifPresent(theirs -> {
            var conflict = new Conflict(
                    theirs.author(), theirs.version(), "Yours is not saved. What they changed:", List.of());
            conflict.with(changed(theirs));
            var note = conflict.offering(() -> load(theirs), () -> {
                etag = theirs.etag();
                version = theirs.version();
                save();
            });
            note.setId("distribution-conflict");
            messages.add(note);
            note.scrollIntoView();
        });
    }

    private Component changed(Distributions.Item theirs) {
        return controlPlane
                .compareVersions(DocumentKind.DISTRIBUTION, id, version, theirs.version())
                .map(found -> Differences.of("their-changes", found.differences()))
                .orElse(new Div());
    }

    private List<String> spelled(List<Problem> problems) {
        return problems.stream()
                .map(problem -> JsonPlace.line(json.getValue(), problem.path())
                        .map(line -> "Line %d, %s".formatted(line, problem))
                        .orElse(problem.toString()))
                .toList();
    }

    private String told(List<Problem> problems) {
        return spelled(problems).stream().collect(Collectors.joining("; "));
    }
}
