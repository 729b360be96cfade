package dev.nearside.admin.distribution;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Chips;
import dev.nearside.admin.component.CodeBlock;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.EmptyState;
import dev.nearside.admin.component.Glyph;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Table;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.Distributions;
import jakarta.annotation.security.PermitAll;
import java.util.Objects;

/// Every distribution: its hosts, whether it is live, and since when it is as it is.
@Route(Places.DISTRIBUTIONS)
@PermitAll
final class DistributionsView extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;
    private final Role role;

    DistributionsView(ControlPlane controlPlane, SignedIn person) {
        super("Distributions", "Published sites: which hosts, which origins, and how each path is cached.");
        this.controlPlane = controlPlane;
        this.role = person.role();
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        actions(create());
        var answer = controlPlane.distributions();
        var curl = new Curl(controlPlane.address());
        if (!(answer instanceof Done<Distributions>(var all))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) body(trouble);
            return;
        }
        if (all.items().isEmpty()) {
            body(new EmptyState(
                    Glyph.DISTRIBUTION,
                    "No distribution yet",
                    "A distribution publishes a site from its origins. Send one to the API, alone or with its policies:",
                    new CodeBlock("curl -X POST -H \"Authorization: Bearer $NEARSIDE_TOKEN\" \\\n"
                            + "  -H \"Content-Type: application/json\" \\\n  -d @distribution.json \\\n  '"
                            + controlPlane.address() + "/api/v1/config'")));
            return;
        }
        var table = new Table<Distributions.Item>("distributions", "Distributions")
                .rowId(item -> "distribution-" + item.config().name())
                .column("Distribution", DistributionsView::named)
                .column("State", item -> DistributionWords.status(item.status()))
                .column("Viewers come by", item -> DistributionWords.protocols(item))
                .column("Aliases", item -> new Chips(item.config().aliases(), 4))
                .text("Origins", item -> DistributionWords.count(item.config().origins()))
                .text("Behaviors", item -> DistributionWords.behaviors(item.config()))
                .text("Version", item -> String.valueOf(item.version()))
                .when("Saved", item -> Words.instant(item.lastModifiedTime()));
        table.show(all.items());
        body(table, new ApiCall(curl.get("/distributions")));
    }

    private Permitted create() {
        var button = new Button(
                "New distribution",
                Glyph.PLUS.draw(),
                _ -> getUI().ifPresent(ui -> Link.follow(ui, Places.DISTRIBUTIONS + "/new")));
        button.setId("new-distribution");
        button.addThemeVariants(ButtonVariant.PRIMARY);
        return new Permitted(role, Role.OPERATOR, button);
    }

    private static Component named(Distributions.Item item) {
        var cell = new Div(new Link(
                Places.distribution(item.id()),
                Objects.requireNonNullElse(item.config().name(), item.id())));
        cell.addClassName("stack");
        var comment = Objects.requireNonNullElse(item.config().comment(), "");
        if (!comment.isBlank()) {
            var quiet = new Span(comment);
            quiet.addClassName("quiet");
            cell.add(quiet);
        }
        return cell;
    }
}
