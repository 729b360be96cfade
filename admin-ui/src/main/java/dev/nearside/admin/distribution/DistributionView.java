package dev.nearside.admin.distribution;

import static dev.nearside.admin.distribution.DistributionWords.or;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.OrderedList;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Chips;
import dev.nearside.admin.component.CodeBlock;
import dev.nearside.admin.component.Copyable;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Facts;
import dev.nearside.admin.component.Glyph;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Panel;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pretty;
import dev.nearside.admin.component.Switch;
import dev.nearside.admin.component.Table;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.PolicyKind;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.BehaviorDocument;
import dev.nearside.model.wire.OriginDocument;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.Versions;
import jakarta.annotation.security.PermitAll;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One distribution: its behaviors in the order they are tried, its origins, its versions, its JSON.
@Route(Places.DISTRIBUTIONS + "/:id")
@PermitAll
final class DistributionView extends Page implements BeforeEnterObserver {

    private enum Tab {
        BEHAVIORS("behaviors", "Behaviors"),
        ORIGINS("origins", "Origins"),
        VERSIONS("versions", "Versions"),
        JSON("json", "JSON");

        private final String word;
        private final String title;

        Tab(String word, String title) {
            this.word = word;
            this.title = title;
        }
    }

    private final ControlPlane controlPlane;
    private final Role role;

    DistributionView(ControlPlane controlPlane, SignedIn person) {
        super("Distribution", "");
        this.controlPlane = controlPlane;
        this.role = person.role();
        under(new Link(Places.DISTRIBUTIONS, "Distributions"));
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        var id = event.getRouteParameters().get("id").orElse("");
        var answer = controlPlane.distribution(id);
        if (!(answer instanceof Done<Distributions.Item>(var item))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) body(trouble);
            return;
        }
        var word = event.getLocation()
                .getQueryParameters()
                .getSingleParameter("tab")
                .orElse("");
        var tab = Tab.BEHAVIORS;
        for (var each : Tab.values()) if (each.word.equals(word)) tab = each;

        name(or(item.config().name(), item.id()), or(item.config().comment(), ""));
        actions(
                new Permitted(role, Role.OPERATOR, edit(item)),
                new Link(Places.versions("distributions", item.id()), "Compare and restore"),
                new Link("?distribution=" + Places.encoded(item.id()), "Traffic"),
                new Link(Places.invalidationsOf(item.id()), "Invalidate"));
        var tabs = new Switch("Parts of the distribution");
        for (var each : Tab.values()) {
            tabs.choice(
                    "tab-" + each.word, each.title, Places.distribution(item.id()) + "?tab=" + each.word, each == tab);
        }
        body(
                about(item),
                tabs,
                switch (tab) {
                    case BEHAVIORS -> behaviors(item);
                    case ORIGINS -> origins(item);
                    case VERSIONS -> versions(item);
                    case JSON ->
                        new Panel(
                                "Configuration, version " + item.version(), new CodeBlock(Pretty.json(item.config())));
                },
                new ApiCall(new Curl(controlPlane.address())
                        .get("/distributions/" + item.id() + (tab == Tab.VERSIONS ? "/versions" : ""))));
    }

    private Button edit(Distributions.Item item) {
        var edit = new Button(
                "Edit",
                Glyph.EDIT.draw(),
                _ -> getUI().ifPresent(ui -> Link.follow(ui, Places.distribution(item.id()) + "/edit")));
        edit.setId("distribution-edit");
        return edit;
    }

    private static Component about(Distributions.Item item) {
        var config = item.config();
        return new Panel(
                "About",
                new Facts()
                        .fact("State", DistributionWords.status(item.status()))
                        .fact("Viewers come by", DistributionWords.protocols(item))
                        .fact("Warnings", String.join("; ", item.warnings()))
                        .fact("Answers viewers", Boolean.FALSE.equals(config.enabled()) ? "no, it is disabled" : "yes")
                        .fact("Aliases", new Chips(config.aliases()))
                        .fact("Default root object", or(config.defaultRootObject(), ""))
                        .fact(
                                "Version",
                                "%d, %s by %s"
                                        .formatted(
                                                item.version(), Words.instant(item.lastModifiedTime()), item.author()))
                        .fact("Id", new Copyable(item.id())));
    }

    private Component behaviors(Distributions.Item item) {
        var names = policyNames();
        var list = new OrderedList();
        list.addClassName("ordered");
        list.setId("behaviors");
        var ordered = Objects.requireNonNullElse(item.config().cacheBehaviors(), List.<BehaviorDocument>of());
        var place = 0;
        for (var behavior : ordered)
            list.add(behavior(String.valueOf(++place), or(behavior.pathPattern(), "?"), behavior, names));
        var last = item.config().defaultCacheBehavior();
        if (last != null) list.add(behavior("*", "Default: everything else", last, names));
        return new Panel("Behaviors", list).note("Tried from the top: the first pattern that fits decides");
    }

    private static ListItem behavior(
            String place, String pattern, BehaviorDocument behavior, Map<String, String> names) {
        var number = new Span(place);
        number.addClassName("place");
        var path = new Span(pattern);
        path.addClassName("pattern");
        var facts = new Facts()
                .fact("Origin", or(behavior.targetOriginId(), ""))
                .fact("Cache policy", policy(PolicyKind.CACHE, behavior.cachePolicyId(), names))
                .fact(
                        "Origin request policy",
                        policy(PolicyKind.ORIGIN_REQUEST, behavior.originRequestPolicyId(), names))
                .fact(
                        "Response headers policy",
                        policy(PolicyKind.RESPONSE_HEADERS, behavior.responseHeadersPolicyId(), names))
                .fact("Viewers come by", or(behavior.viewerProtocolPolicy(), "allow-all"))
                .fact("Methods", methods(behavior.allowedMethods()));
        var item = new ListItem(number, path, facts);
        item.addClassName("behavior");
        return item;
    }

    private static String methods(@Nullable List<String> methods) {
        return methods == null || methods.isEmpty() ? "GET, HEAD" : String.join(", ", methods);
    }

    private static Component policy(PolicyKind kind, @Nullable String id, Map<String, String> names) {
        return id == null || id.isEmpty()
                ? new Span("—")
                : new Link(Places.policy(kind.path(), id), names.getOrDefault(id, id));
    }

    /// Names of all policies by id; without them the ids are shown.
    private Map<String, String> policyNames() {
        var names = new HashMap<String, String>();
        controlPlane.cachePolicies().map(all -> {
            all.items().forEach(item -> names.put(item.id(), or(item.config().name(), item.id())));
            return all;
        });
        controlPlane.originRequestPolicies().map(all -> {
            all.items().forEach(item -> names.put(item.id(), or(item.config().name(), item.id())));
            return all;
        });
        controlPlane.responseHeadersPolicies().map(all -> {
            all.items().forEach(item -> names.put(item.id(), or(item.config().name(), item.id())));
            return all;
        });
        return names;
    }

    private static Component origins(Distributions.Item item) {
        var all = Objects.requireNonNullElse(item.config().origins(), List.<OriginDocument>of());
        var panels = new Div();
        panels.addClassName("columns");
        for (var origin : all) {
            var headers = origin.customHeaders();
            panels.add(new Panel(
                    or(origin.id(), "?"),
                    new Facts()
                            .fact("Domain", new Copyable(or(origin.domainName(), "?")))
                            .fact("Protocol", or(origin.originProtocolPolicy(), "match-viewer"))
                            .fact(
                                    "Ports",
                                    "HTTP %s, HTTPS %s"
                                            .formatted(or(origin.httpPort(), "80"), or(origin.httpsPort(), "443")))
                            .fact("Path in front", or(origin.originPath(), ""))
                            .fact(
                                    "Connection",
                                    "%s attempts of %s s"
                                            .formatted(
                                                    or(origin.connectionAttempts(), "3"),
                                                    or(origin.connectionTimeout(), "10")))
                            .fact("Waits for an answer", or(origin.originReadTimeout(), "30") + " s")
                            .fact("Keeps connections", or(origin.originKeepaliveTimeout(), "5") + " s")
                            .fact(
                                    "Added headers",
                                    new Chips(
                                            headers == null
                                                    ? List.of()
                                                    : headers.stream()
                                                            .map(header -> or(header.name(), "?"))
                                                            .toList()))));
        }
        return panels;
    }

    private Component versions(Distributions.Item item) {
        var table = new Table<Versions.Item>("distribution-versions", "Versions")
                .text("Version", version -> String.valueOf(version.version()))
                .when("Saved", version -> Words.instant(version.at()))
                .text("By", Versions.Item::author)
                .text("Comment", version -> version.comment().isBlank() ? "—" : version.comment())
                .column(
                        "",
                        version -> new Link(
                                Places.versions("distributions", item.id(), version.version(), item.version()),
                                "Compare"));
        table.show(controlPlane
                .distributionVersions(item.id())
                .map(Versions::items)
                .orElse(List.of()));
        return table;
    }
}
