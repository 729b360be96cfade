package dev.nearside.admin.fleet;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Differences;
import dev.nearside.admin.component.EmptyState;
import dev.nearside.admin.component.Glyph;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.Draft;
import jakarta.annotation.security.PermitAll;
import java.time.Duration;

/// What is saved and not published, beside what edges run.
@Route(Places.DRAFT)
@PermitAll
final class DraftView extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;
    private final Role role;
    private final Pulse pulse;
    private String shown = "";

    DraftView(ControlPlane controlPlane, SignedIn person, Pulse pulse) {
        super("Draft", "What is saved and not published. Edges run the current snapshot until this is published.");
        this.controlPlane = controlPlane;
        this.role = person.role();
        this.pulse = pulse;
        // Others save and publish as well.
        pulse.keep(this, Duration.ofSeconds(4), controlPlane::draft, this::show);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        show(controlPlane.draft());
    }

    private void show(Answer<Draft> answer) {
        if (!(answer instanceof Done<Draft>(var draft))) {
            shown = "";
            actions();
            var trouble = Trouble.note(answer);
            if (trouble != null) refresh(trouble);
            return;
        }
        if (draft.etag().equals(shown)) return;
        shown = draft.etag();
        if (draft.documents().isEmpty()) {
            actions();
            refresh(new EmptyState(
                    Glyph.SNAPSHOT,
                    "Everything is published",
                    draft.snapshot() == 0
                            ? "Nothing is saved yet either."
                            : "The latest version of every document is in snapshot %d.".formatted(draft.snapshot())));
            return;
        }
        var publish = new Button("Publish…", _ -> new PublishDialog(controlPlane, pulse, draft).open());
        publish.setId("draft-publish");
        publish.addThemeVariants(ButtonVariant.PRIMARY);
        var discard = new Button("Discard…", Glyph.TRASH.draw(), _ -> confirmDiscard(draft));
        discard.setId("draft-discard");
        actions(new Permitted(role, Role.OPERATOR, discard, publish));
        refresh(
                Differences.ofDocuments(draft.documents()),
                new ApiCall(new Curl(controlPlane.address()).get("/draft")));
    }

    private void confirmDiscard(Draft draft) {
        var dialog = new ConfirmDialog();
        dialog.setId("discard-dialog");
        dialog.setHeader("Discard " + Words.count(draft.documents().size(), "change", "changes") + "?");
        dialog.setText(
                "Every document gets a new version that says what snapshot %d says. The discarded versions stay in its history."
                        .formatted(draft.snapshot()));
        dialog.setCancelable(true);
        dialog.setConfirmText("Discard");
        dialog.setConfirmButtonTheme("primary " + ButtonVariant.ERROR.getVariantName());
        dialog.addConfirmListener(_ -> {
            var answer = controlPlane.discardDraft(draft.etag());
            Trouble.valueOrTell(answer).ifPresent(_ -> {
                ConfigurationChanged.announce();
                Trouble.done("The draft is discarded.");
                show(answer);
            });
        });
        dialog.open();
    }
}
