package dev.nearside.admin.policy;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.CodeBlock;
import dev.nearside.admin.component.Copyable;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Facts;
import dev.nearside.admin.component.Glyph;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Panel;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pretty;
import dev.nearside.admin.component.Table;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.PolicyKind;
import dev.nearside.admin.control.Role;
import dev.nearside.admin.fleet.ConfigurationChanged;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.Versions;
import jakarta.annotation.security.PermitAll;
import java.util.ArrayList;
import java.util.List;

/// One policy: what it says, who uses it, how it came about.
@Route(Places.POLICIES + "/:kind/:id")
@PermitAll
final class PolicyView extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;
    private final Role role;

    PolicyView(ControlPlane controlPlane, SignedIn person) {
        super("Policy", "");
        this.controlPlane = controlPlane;
        this.role = person.role();
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        var kind = event.getRouteParameters().get("kind").flatMap(PolicyKind::at);
        if (kind.isEmpty()) {
            body(new Note(Tone.BAD, "There is no such kind of policy", ""));
            return;
        }
        show(kind.get(), event.getRouteParameters().get("id").orElse(""));
    }

    private void show(PolicyKind kind, String id) {
        under(new Link(Places.POLICIES + "?kind=" + kind.path(), kind.title().replace("policy", "policies")));
        var answer = Policy.one(controlPlane, kind, id);
        if (!(answer instanceof Done<Policy>(var policy))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) body(trouble);
            return;
        }
        name(policy.name(), policy.comment());
        actions(buttons(policy));
        var parts = new ArrayList<Component>();
        if (policy.isManaged()) {
            parts.add(PolicyWords.locked("A managed policy: the same everywhere, and nobody can change it."));
        }
        parts.addAll(PolicyWords.panels(policy.document()));
        var facts = new Facts()
                .fact("Made by", PolicyWords.origin(policy.isManaged()))
                .fact("Used by", users(policy.usedBy()))
                .fact("Id", new Copyable(policy.id()));
        if (!policy.isManaged()) {
            facts.fact("Version", String.valueOf(policy.version()))
                    .fact("Saved", policy.saved().map(Words::instant).orElse(""))
                    .fact("By", policy.author());
        }
        parts.add(new Panel("About", facts));
        if (!policy.isManaged()) parts.add(versions(policy));
        parts.add(new Panel("As JSON", new CodeBlock(Pretty.json(policy.document()))));
        parts.add(new ApiCall(new Curl(controlPlane.address()).get("/" + kind.path() + "/" + policy.id())));
        body(parts.toArray(Component[]::new));
    }

    private Component buttons(Policy policy) {
        var buttons = new ArrayList<Button>();
        if (policy.kind() == PolicyKind.CACHE) {
            buttons.add(button(
                    "policy-copy",
                    "Copy",
                    Glyph.COPY,
                    () -> go(Places.policy(PolicyKind.CACHE.path(), "new") + "?from=" + Places.encoded(policy.id()))));
        }
        if (!policy.isManaged()) {
            buttons.add(button("policy-delete", "Delete", Glyph.TRASH, () -> confirmDeletion(policy)));
        }
        if (!policy.isManaged() && policy.kind() == PolicyKind.CACHE) {
            var edit = button(
                    "policy-edit",
                    "Edit",
                    Glyph.EDIT,
                    () -> go(Places.policy(PolicyKind.CACHE.path(), policy.id()) + "/edit"));
            edit.addThemeVariants(ButtonVariant.PRIMARY);
            buttons.add(edit);
        }
        return buttons.isEmpty() ? new Span() : new Permitted(role, Role.OPERATOR, buttons.toArray(Button[]::new));
    }

    private static Button button(String id, String name, Glyph glyph, Runnable action) {
        var button = new Button(name, glyph.draw(), _ -> action.run());
        button.setId(id);
        return button;
    }

    private void go(String address) {
        getUI().ifPresent(ui -> Link.follow(ui, address));
    }

    private void confirmDeletion(Policy policy) {
        var dialog = new ConfirmDialog();
        dialog.setHeader("Delete " + policy.name() + "?");
        dialog.setText("Edges keep it until the next snapshot is published.");
        dialog.setCancelable(true);
        dialog.setConfirmText("Delete");
        dialog.setConfirmButtonTheme("primary " + ButtonVariant.ERROR.getVariantName());
        dialog.addConfirmListener(_ -> {
            var answer = controlPlane.deletePolicy(policy.kind(), policy.id(), policy.etag());
            Trouble.valueOrTell(answer).ifPresent(_ -> {
                ConfigurationChanged.announce();
                Trouble.done(policy.name() + " is deleted.");
                go(Places.POLICIES + "?kind=" + policy.kind().path());
            });
        });
        dialog.open();
    }

    private Component users(List<String> names) {
        if (names.isEmpty()) return new Span("nobody");
        var cell = new Div();
        cell.addClassName("row");
        var distributions =
                controlPlane.distributions().map(Distributions::items).orElse(List.of());
        for (var name : names) {
            distributions.stream()
                    .filter(each -> name.equals(each.config().name()))
                    .findFirst()
                    .ifPresentOrElse(
                            each -> cell.add(new Link(Places.distribution(each.id()), name)),
                            () -> cell.add(new Span(name)));
        }
        return cell;
    }

    private Component versions(Policy policy) {
        var table = new Table<Versions.Item>("policy-versions", "Versions")
                .text("Version", item -> String.valueOf(item.version()))
                .when("Saved", item -> Words.instant(item.at()))
                .text("By", Versions.Item::author)
                .text("Comment", item -> item.comment().isBlank() ? "—" : item.comment());
        table.show(controlPlane
                .policyVersions(policy.kind(), policy.id())
                .map(Versions::items)
                .orElse(List.of()));
        return new Panel("Versions", table)
                .tool(new Link(Places.versions(policy.kind().path(), policy.id()), "Compare and restore"));
    }
}
