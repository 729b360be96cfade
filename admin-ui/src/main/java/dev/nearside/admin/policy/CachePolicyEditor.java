package dev.nearside.admin.policy;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouteAlias;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Conflict;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Panel;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.Answer.Refused;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.PolicyKind;
import dev.nearside.admin.control.Role;
import dev.nearside.admin.fleet.ConfigurationChanged;
import dev.nearside.model.wire.CachePolicyDocument;
import dev.nearside.model.wire.CookiesConfig;
import dev.nearside.model.wire.HeadersConfig;
import dev.nearside.model.wire.QueryStringsConfig;
import dev.nearside.model.wire.api.CachePolicies;
import jakarta.annotation.security.PermitAll;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Makes a custom cache policy or a new version of one. The control plane judges it; the fields show its verdict.
@Route(Places.POLICIES + "/cache-policies/:id/edit")
@RouteAlias(Places.POLICIES + "/cache-policies/new")
@PermitAll
final class CachePolicyEditor extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;
    private final Role role;
    private final CachePolicyForm form = new CachePolicyForm();
    private final TextField remark = new TextField("What changes, and why?");
    private final Div messages = new Div();
    private final ApiCall command = new ApiCall("");

    /// The version this edit began with; nothing for a policy that does not exist yet.
    private Optional<CachePolicies.Item> before = Optional.empty();

    CachePolicyEditor(ControlPlane controlPlane, SignedIn person) {
        super("Cache policy", "");
        this.controlPlane = controlPlane;
        this.role = person.role();
        remark.setId("policy-remark");
        remark.setWidthFull();
        remark.setHelperText("Kept with the version.");
        messages.setId("policy-messages");
        messages.addClassName("messages");
        form.onChange(this::showCommand);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        under(new Link(Places.POLICIES + "?kind=" + PolicyKind.CACHE.path(), "Cache policies"));
        var id = event.getRouteParameters().get("id");
        if (id.isPresent()) {
            edit(id.get());
        } else {
            create(event.getLocation().getQueryParameters().getSingleParameter("from"));
        }
    }

    private void create(Optional<String> from) {
        before = Optional.empty();
        name("New cache policy", "It takes part once a behavior selects it and a snapshot is published.");
        var start = from.flatMap(id -> Trouble.valueOrTell(controlPlane.cachePolicy(id)))
                .map(item -> copy(item.config()))
                .orElse(EMPTY);
        form.show(start);
        compose();
    }

    private static final CachePolicyDocument EMPTY = new CachePolicyDocument(
            null,
            "",
            "",
            0L,
            86_400L,
            31_536_000L,
            true,
            true,
            new HeadersConfig("none", List.of()),
            new CookiesConfig("none", List.of()),
            new QueryStringsConfig("none", List.of()),
            null,
            null,
            null);

    private static CachePolicyDocument copy(CachePolicyDocument original) {
        return new CachePolicyDocument(
                null,
                original.name() + "-copy",
                original.comment(),
                original.minTTL(),
                original.defaultTTL(),
                original.maxTTL(),
                original.enableAcceptEncodingGzip(),
                original.enableAcceptEncodingBrotli(),
                original.headersConfig(),
                original.cookiesConfig(),
                original.queryStringsConfig(),
                original.minTTLOverridesOrigin(),
                original.heuristicFreshness(),
                original.replaySetCookie());
    }

    private void edit(String id) {
        var answer = controlPlane.cachePolicy(id);
        if (!(answer instanceof Done<CachePolicies.Item>(var item))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) body(trouble);
            return;
        }
        load(item);
    }

    private void load(CachePolicies.Item item) {
        before = Optional.of(item);
        name(
                "Edit " + Objects.requireNonNullElse(item.config().name(), item.id()),
                "You edit version %d. Saving makes a new version; edges run it once a snapshot is published."
                        .formatted(item.version()));
        form.show(item.config());
        compose();
    }

    private void compose() {
        form.unmark();
        messages.removeAll();
        showCommand();
        var save = new Button("Save", _ -> save());
        save.setId("policy-save");
        save.addThemeVariants(ButtonVariant.PRIMARY);
        var cancel = new Button(
                "Cancel",
                _ -> getUI().ifPresent(ui -> Link.follow(
                        ui,
                        before.map(item -> Places.policy(PolicyKind.CACHE.path(), item.id()))
                                .orElse(Places.POLICIES))));
        var buttons = new Div(new Permitted(role, Role.OPERATOR, save), cancel);
        buttons.addClassName("buttons");
        if (before.filter(item -> item.type().equals("managed")).isPresent()) {
            save.setEnabled(false);
            messages.add(new Note(Tone.WARN, "A managed policy cannot be changed", "Copy it and change the copy."));
        }
        body(new Panel("Policy", form), new Panel("Save", messages, remark, buttons, command));
    }

    private void showCommand() {
        var curl = new Curl(controlPlane.address());
        command.show(before.map(
                        item -> curl.put("/" + PolicyKind.CACHE.path() + "/" + item.id(), item.etag(), form.read()))
                .orElseGet(() -> curl.post("/" + PolicyKind.CACHE.path(), form.read())));
    }

    private void save() {
        messages.removeAll();
        form.unmark();
        var wanted = form.read();
        var why = remark.getValue().strip();
        switch (before.map(item -> controlPlane.updateCachePolicy(item.id(), item.etag(), wanted, why))
                .orElseGet(() -> controlPlane.createCachePolicy(wanted, why))) {
            case Done(var saved) -> saved(saved);
            case Refused<CachePolicies.Item> refused
            when refused.isConflict() && before.isPresent() ->
                conflict(before.get().id(), wanted);
            case Refused(var _, var title, var detail, var problems) -> {
                var homeless = form.mark(problems);
                messages.add(new Note(Tone.BAD, title, detail, Trouble.spelled(homeless)).alert());
            }
            case Answer<CachePolicies.Item> other -> {
                var trouble = Trouble.note(other);
                if (trouble != null) messages.add(trouble.alert());
            }
        }
    }

    private void saved(CachePolicies.Item item) {
        ConfigurationChanged.announce();
        Trouble.done("Saved as version %d. Edges run it once a snapshot is published.".formatted(item.version()));
        getUI().ifPresent(ui -> Link.follow(ui, Places.policy(PolicyKind.CACHE.path(), item.id())));
    }

    /// Somebody was faster. Nothing is lost or overwritten until the person decides which version wins.
    private void conflict(String id, CachePolicyDocument mine) {
        Trouble.valueOrTell(controlPlane.cachePolicy(id)).ifPresent(theirs -> {
            var conflict = new Conflict(
                    theirs.author(),
                    theirs.version(),
                    "Yours is not saved. What differs:",
                    CachePolicyForm.differences(mine, theirs.config()));
            var note = conflict.offering(() -> load(theirs), () -> {
                before = Optional.of(theirs);
                save();
            });
            note.setId("policy-conflict");
            messages.add(note);
        });
    }
}
