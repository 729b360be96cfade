package dev.nearside.admin.certificate;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.access.SignedIn;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Chips;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.EmptyState;
import dev.nearside.admin.component.Glyph;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Permitted;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.Table;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.Role;
import dev.nearside.model.wire.api.Certificates;
import jakarta.annotation.security.PermitAll;
import java.util.ArrayList;
import java.util.Optional;

/// Every certificate: whom it is for, when it ends, which distributions and edges show it.
@Route(Places.CERTIFICATES)
@PermitAll
final class CertificatesView extends Page implements BeforeEnterObserver {

    private final ControlPlane controlPlane;
    private final Role role;

    CertificatesView(ControlPlane controlPlane, SignedIn person) {
        super("Certificates", "What viewers who come over HTTPS are shown. Keys go in here and never come out again.");
        this.controlPlane = controlPlane;
        this.role = person.role();
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        actions(upload());
        show();
    }

    private Permitted upload() {
        var button = new Button("Upload a certificate", Glyph.PLUS.draw(), _ -> open(Optional.empty()));
        button.setId("upload-certificate");
        button.addThemeVariants(ButtonVariant.PRIMARY);
        return new Permitted(role, Role.OPERATOR, button);
    }

    private void open(Optional<Certificates.Item> replaced) {
        new CertificateDialog(controlPlane, replaced, this::show).open();
    }

    private void show() {
        var answer = controlPlane.certificates();
        if (!(answer instanceof Done<Certificates>(var all))) {
            var trouble = Trouble.note(answer);
            if (trouble != null) body(trouble);
            return;
        }
        if (all.items().isEmpty()) {
            body(new EmptyState(
                    Glyph.LOCK,
                    "No certificate yet",
                    "A distribution without a certificate is served over plain HTTP only. Upload one with its key, then"
                            + " name it in the distribution as viewerCertificate."));
            return;
        }
        var parts = new ArrayList<Component>();
        for (var item : all.items()) {
            for (var warning : item.warnings()) {
                parts.add(new Note(
                        item.expiresSoon() ? Tone.WARN : Tone.PLAIN, "Certificate " + item.name(), sentence(warning)));
            }
        }
        var table = new Table<Certificates.Item>("certificates", "Certificates")
                .rowId(item -> "certificate-" + item.name())
                .column("Certificate", CertificateWords::named)
                .column("Names", item -> new Chips(item.names(), 4))
                .column("Ends", CertificateWords::end)
                .when("On", item -> Words.instant(item.notAfter()))
                .column("Shown by", item -> new Chips(item.usedBy(), 4))
                .column("Edges", CertificateWords::edges)
                .text("Version", item -> String.valueOf(item.version()))
                .column("", this::actions);
        table.show(all.items());
        parts.add(table);
        parts.add(new ApiCall(new Curl(controlPlane.address()).get("/certificates")));
        body(parts.toArray(Component[]::new));
    }

    private Component actions(Certificates.Item item) {
        var replace = new Button("Replace", _ -> open(Optional.of(item)));
        replace.setId("replace-" + item.name());
        var delete = new Button(Glyph.TRASH.draw(), _ -> confirmDeletion(item));
        delete.setId("delete-" + item.name());
        delete.setAriaLabel("Delete certificate " + item.name());
        if (!item.usedBy().isEmpty()) {
            delete.setEnabled(false);
            delete.setTooltipText("Shown by " + String.join(", ", item.usedBy()));
        }
        return new Permitted(role, Role.OPERATOR, replace, delete);
    }

    private void confirmDeletion(Certificates.Item item) {
        var dialog = new ConfirmDialog();
        dialog.setId("delete-certificate-dialog");
        dialog.setHeader("Delete certificate " + item.name() + "?");
        dialog.setText("Its key goes with it, and nobody can bring it back from here.");
        dialog.setCancelable(true);
        dialog.setConfirmText("Delete");
        dialog.setConfirmButtonTheme("primary " + ButtonVariant.ERROR.getVariantName());
        dialog.addConfirmListener(_ -> delete(item));
        dialog.open();
    }

    private void delete(Certificates.Item item) {
        Trouble.valueOrTell(controlPlane.deleteCertificate(item.id(), item.etag()))
                .ifPresent(_ -> {
                    Trouble.done("Certificate %s is deleted".formatted(item.name()));
                    show();
                });
    }

    private static String sentence(String warning) {
        return Character.toUpperCase(warning.charAt(0)) + warning.substring(1) + ".";
    }
}
