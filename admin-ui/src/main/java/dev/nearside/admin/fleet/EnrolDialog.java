package dev.nearside.admin.fleet;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.TextField;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.CodeBlock;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.component.Words;
import dev.nearside.admin.control.Answer.Refused;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.model.wire.api.EnrolmentToken;
import dev.nearside.model.wire.api.NewEnrolmentToken;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/// Makes a token that enrols one edge, and shows it this once with the command that uses it.
final class EnrolDialog extends Dialog {

    private final ControlPlane controlPlane;
    private final InstantSource clock;
    private final Div body = new Div();
    private final TextField name = new TextField("Name of the edge");
    private final Button make = new Button("Make a token");

    EnrolDialog(ControlPlane controlPlane, InstantSource clock) {
        this.controlPlane = controlPlane;
        this.clock = clock;
        setId("enrol-dialog");
        setHeaderTitle("Enrol an edge");
        name.setId("enrol-name");
        name.setPlaceholder("edge-3");
        name.setHelperText("The token will enrol an edge of this name only.");
        name.setWidthFull();
        body.addClassName("dialog-body");
        body.add(
                new Paragraph("The edge trades this token for a credential of its own at its first start."),
                name,
                new ApiCall(
                        new Curl(controlPlane.address()).post("/enrolment-tokens", new NewEnrolmentToken("edge-3"))));
        add(body);
        make.setId("enrol-confirm");
        make.addThemeVariants(ButtonVariant.PRIMARY);
        make.addClickListener(_ -> make());
        getFooter().add(new Button("Close", _ -> close()), make);
    }

    private void make() {
        var wanted = name.getValue().strip();
        name.setInvalid(false);
        var answer = controlPlane.enrolmentToken(new NewEnrolmentToken(wanted.isEmpty() ? null : wanted));
        if (answer instanceof Refused<EnrolmentToken> refused
                && !refused.problems().isEmpty()
                && refused.problems().stream()
                        .allMatch(problem -> problem.path().equals("name"))) {
            name.setErrorMessage(refused.problems().getFirst().message());
            name.setInvalid(true);
            return;
        }
        Trouble.valueOrTell(answer).ifPresent(token -> show(token, wanted.isEmpty() ? "edge-3" : wanted));
    }

    private void show(EnrolmentToken token, String edge) {
        make.setVisible(false);
        body.removeAll();
        body.add(
                new Note(
                        Tone.WARN,
                        "Copy it now: it is shown this once",
                        "Good for one edge, for the next %s."
                                .formatted(Words.span(Duration.between(clock.instant(), token.expiresAt())))),
                new CodeBlock(token.token()),
                new Paragraph(
                        "Put it into a file on the edge's machine, readable by its user alone, and start the edge:"),
                new CodeBlock(command(controlPlane.address(), edge)));
        hint(URI.create(controlPlane.address())).ifPresent(words -> body.add(new Paragraph(words)));
    }

    /// What starts the edge, with what the way to the control plane asks for.
    static String command(String address, String edge) {
        var trust = switch (Way.of(URI.create(address))) {
            case TLS -> " \\\n  --control-plane-ca ca.pem";
            case PLAIN -> " --allow-plain-http";
            case THIS_MACHINE -> "";
        };
        return "nearside edge --control-plane %s%s \\\n  --enrolment-token-file token --name %s \\\n  --listen 0.0.0.0:8080 --data /var/lib/nearside"
                .formatted(address, trust, edge);
    }

    private static Optional<String> hint(URI address) {
        return switch (Way.of(address)) {
            case TLS ->
                Optional.of("ca.pem holds the certificates that vouch for the control plane. "
                        + "Leave the option out if it has one that every Java runtime knows.");
            case PLAIN ->
                Optional.of("The way to this control plane is not encrypted: keep to a network that is yours.");
            case THIS_MACHINE ->
                Optional.of("The console reaches the control plane on its own machine. "
                        + "An edge on another one needs an address that leads here.");
        };
    }

    /// How the control plane is reached from here.
    private enum Way {
        TLS,
        PLAIN,
        THIS_MACHINE;

        static Way of(URI address) {
            var host = Objects.requireNonNullElse(address.getHost(), "");
            if (host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]")) {
                return "https".equalsIgnoreCase(address.getScheme()) ? TLS : THIS_MACHINE;
            }
            return "https".equalsIgnoreCase(address.getScheme()) ? TLS : PLAIN;
        }
    }
}
