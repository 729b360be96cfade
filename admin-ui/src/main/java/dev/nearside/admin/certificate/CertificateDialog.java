package dev.nearside.admin.certificate;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.component.textfield.TextFieldBase;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Refused;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.api.Certificates;
import dev.nearside.model.wire.api.NewCertificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Takes a certificate and its key, pasted as PEM; what is wrong with them is said at the field.
final class CertificateDialog extends Dialog {

    private final ControlPlane controlPlane;
    private final Optional<Certificates.Item> replaced;
    private final Runnable done;
    private final TextField name = new TextField("Name");
    private final TextArea chain = new TextArea("Certificate");
    private final TextArea key = new TextArea("Private key");

    CertificateDialog(ControlPlane controlPlane, Optional<Certificates.Item> replaced, Runnable done) {
        this.controlPlane = controlPlane;
        this.replaced = replaced;
        this.done = done;
        setId("certificate-dialog");
        setHeaderTitle(
                replaced.map(item -> "Replace certificate " + item.name()).orElse("Upload a certificate"));
        setWidth("40rem");
        name.setId("certificate-name");
        name.setHelperText("Distributions refer to it by this name.");
        name.setWidthFull();
        name.setVisible(replaced.isEmpty());
        pem(chain, "certificate-chain", "PEM: the certificate first, then those it was signed with.");
        pem(key, "certificate-key", "PEM, without a passphrase. It is sealed before it is stored.");
        var body = new Div(
                new Paragraph(
                        replaced.isEmpty()
                                ? "It is shown to viewers once a distribution names it and is published."
                                : "The edges show it within a second. Connections that are open go on."),
                name,
                chain,
                key);
        body.addClassName("dialog-body");
        add(body);
        var save = new Button(replaced.isEmpty() ? "Upload" : "Replace", _ -> save());
        save.setId("certificate-save");
        save.addThemeVariants(ButtonVariant.PRIMARY);
        getFooter().add(new Button("Cancel", _ -> close()), save);
    }

    private static void pem(TextArea field, String id, String help) {
        field.setId(id);
        field.setHelperText(help);
        field.setWidthFull();
        field.setMinHeight("9rem");
        field.setMaxHeight("16rem");
        field.getElement().setAttribute("spellcheck", "false");
        field.getElement().setAttribute("autocomplete", "off");
    }

    private void save() {
        var wanted = new NewCertificate(
                replaced.isPresent() ? null : said(name.getValue()), said(chain.getValue()), said(key.getValue()));
        var answer = replaced.isPresent()
                ? controlPlane.replaceCertificate(
                        replaced.get().id(), replaced.get().etag(), wanted)
                : controlPlane.uploadCertificate(wanted);
        mark(answer);
    }

    private static @Nullable String said(String value) {
        return value.isBlank() ? null : value;
    }

    private void mark(Answer<Certificates.Item> answer) {
        var fields = Map.<String, TextFieldBase<?, String>>of("name", name, "certificate", chain, "privateKey", key);
        fields.values().forEach(field -> field.setInvalid(false));
        if (answer instanceof Refused<Certificates.Item>(var _, var _, var _, var problems)
                && !problems.isEmpty()
                && fields.keySet().containsAll(paths(problems))) {
            fields.forEach((path, field) -> {
                var messages = problems.stream()
                        .filter(problem -> problem.path().equals(path))
                        .map(Problem::message)
                        .collect(Collectors.joining("\n"));
                field.setErrorMessage(messages);
                field.setInvalid(!messages.isEmpty());
            });
            return;
        }
        Trouble.valueOrTell(answer).ifPresent(item -> {
            key.clear();
            close();
            Trouble.done("Certificate %s is kept, version %d".formatted(item.name(), item.version()));
            done.run();
        });
    }

    private static List<String> paths(List<Problem> problems) {
        return problems.stream().map(Problem::path).distinct().toList();
    }
}
