package dev.nearside.admin.policy;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
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
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Switch;
import dev.nearside.admin.component.Table;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.PolicyKind;
import dev.nearside.admin.control.Role;
import jakarta.annotation.security.PermitAll;
import java.util.List;
import java.util.Locale;

/// All policies of one kind, managed and custom.
@Route(Places.POLICIES)
@PermitAll
final class PoliciesView extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;
    private final Role role;
    private PolicyKind kind = PolicyKind.CACHE;
    private String type = "";
    private String words = "";

    PoliciesView(ControlPlane controlPlane, SignedIn person) {
        super(
                "Policies",
                "What a behavior selects: how long to cache and by which key, what origins see, which headers viewers get.");
        this.controlPlane = controlPlane;
        this.role = person.role();
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        var asked = event.getLocation().getQueryParameters();
        kind = asked.getSingleParameter("kind").flatMap(PolicyKind::at).orElse(PolicyKind.CACHE);
        type = asked.getSingleParameter("type").orElse("");
        words = asked.getSingleParameter("q").orElse("");
        var create = new Button(
                "New cache policy",
                Glyph.PLUS.draw(),
                _ -> getUI().ifPresent(ui -> Link.follow(ui, Places.policy(PolicyKind.CACHE.path(), "new"))));
        create.setId("new-cache-policy");
        create.addThemeVariants(ButtonVariant.PRIMARY);
        actions(new Permitted(role, Role.OPERATOR, create));

        var answer = Policy.all(controlPlane, kind);
        if (!(answer instanceof Done<List<Policy>>(var all))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) body(trouble);
            return;
        }
        body(
                filters(),
                list(all.stream().filter(this::isWanted).toList()),
                new ApiCall(new Curl(controlPlane.address())
                        .get("/" + kind.path() + (type.isEmpty() ? "" : "?type=" + type))));
    }

    private boolean isWanted(Policy policy) {
        var typeFits = type.isEmpty() || type.equals(policy.isManaged() ? "managed" : "custom");
        var text = (policy.name() + " " + policy.comment() + " " + policy.id()).toLowerCase(Locale.ROOT);
        return typeFits && text.contains(words.toLowerCase(Locale.ROOT));
    }

    private Component filters() {
        var kinds = new Switch("Kind of policy");
        for (var each : PolicyKind.values()) {
            kinds.choice("kind-" + each.path(), each.shortTitle(), address(each, type, words), each == kind);
        }
        var types = new Switch("Who made it");
        types.choice("type-all", "All", address(kind, "", words), type.isEmpty());
        types.choice("type-custom", "Custom", address(kind, "custom", words), type.equals("custom"));
        types.choice("type-managed", "Managed", address(kind, "managed", words), type.equals("managed"));
        var search = new TextField();
        search.setId("policy-search");
        search.setPlaceholder("Search");
        search.setAriaLabel("Search policies");
        search.setClearButtonVisible(true);
        search.setValue(words);
        search.setValueChangeMode(ValueChangeMode.LAZY);
        search.addValueChangeListener(change -> getUI().ifPresent(ui ->
                Link.follow(ui, address(kind, type, change.getValue().strip()))));
        var filters = new Div(kinds, types, search);
        filters.addClassName("filters");
        return filters;
    }

    private static String address(PolicyKind kind, String type, String words) {
        return Places.POLICIES + "?kind=" + kind.path()
                + (type.isEmpty() ? "" : "&type=" + Places.encoded(type))
                + (words.isEmpty() ? "" : "&q=" + Places.encoded(words));
    }

    private static Component list(List<Policy> policies) {
        if (policies.isEmpty()) {
            return new EmptyState(
                    Glyph.POLICY,
                    "No policy fits",
                    "Managed policies are always there; custom ones appear here when somebody has made them.");
        }
        var table = new Table<Policy>("policies", "Policies")
                .rowId(policy -> "policy-" + policy.name())
                .column("Name", PoliciesView::named)
                .column("Made by", policy -> PolicyWords.origin(policy.isManaged()))
                .column("Used by", policy -> new Chips(policy.usedBy(), 3))
                .text("Version", policy -> policy.isManaged() ? "—" : String.valueOf(policy.version()))
                .when("Saved", policy -> policy.saved().map(Words::instant).orElse("—"));
        table.show(policies);
        return table;
    }

    private static Component named(Policy policy) {
        var comment = new Span(policy.comment());
        comment.addClassName("quiet");
        var cell = new Div(new Link(Places.policy(policy.kind().path(), policy.id()), policy.name()));
        cell.addClassName("stack");
        if (!policy.comment().isBlank()) cell.add(comment);
        return cell;
    }
}
