package dev.nearside.admin.audit;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Table;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.model.wire.api.AuditLog;
import jakarta.annotation.security.PermitAll;
import java.util.List;
import java.util.Locale;

/// Who changed what and when, newest first, with the way to what differs.
@Route(Places.AUDIT)
@PermitAll
final class AuditView extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;
    private final TextField search = new TextField();
    private final Span count = new Span();
    private final Table<AuditLog.Item> table = table();
    private List<AuditLog.Item> all = List.of();

    AuditView(ControlPlane controlPlane) {
        super("Audit log", "Who changed what, newest first. Nobody can change it.");
        this.controlPlane = controlPlane;
        search.setId("audit-search");
        search.setPlaceholder("Search");
        search.setAriaLabel("Search the audit log");
        search.setClearButtonVisible(true);
        search.setValueChangeMode(ValueChangeMode.LAZY);
        search.addValueChangeListener(_ -> showFound());
        count.setId("audit-count");
        count.addClassName("quiet");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        event.getLocation().getQueryParameters().getSingleParameter("q").ifPresent(search::setValue);
        show(controlPlane.audit());
    }

    private void show(Answer<AuditLog> answer) {
        if (!(answer instanceof Done<AuditLog>(var log))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) body(trouble);
            return;
        }
        all = log.items();
        var filters = new Div(search, count);
        filters.addClassName("filters");
        body(filters, table, new ApiCall(new Curl(controlPlane.address()).get("/audit")));
        showFound();
    }

    private void showFound() {
        var words = search.getValue().strip().toLowerCase(Locale.ROOT);
        var found = all.stream()
                .filter(item -> text(item).toLowerCase(Locale.ROOT).contains(words))
                .toList();
        count.setText(
                found.size() == all.size()
                        ? "The latest " + Words.count(all.size(), "entry", "entries")
                        : "%d of the latest %d entries".formatted(found.size(), all.size()));
        table.show(found);
    }

    private static String text(AuditLog.Item item) {
        return String.join(" ", item.who(), item.action(), item.subject(), item.detail());
    }

    private static Table<AuditLog.Item> table() {
        return new Table<AuditLog.Item>("audit", "Audit log")
                .when("When", item -> Words.instant(item.at()))
                .text("Who", AuditLog.Item::who)
                .text("Did", AuditLog.Item::action)
                .column("To what", AuditView::subject)
                .text("Why", item -> item.detail().isBlank() ? "—" : item.detail());
    }

    private static Component subject(AuditLog.Item item) {
        var cell = new Div(new Span(item.subject()));
        cell.addClassName("stack");
        Changed.by(item).ifPresent(place -> cell.add(new Link(place, "What changed")));
        return cell;
    }
}
