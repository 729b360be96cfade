package dev.nearside.admin.certificate;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.nearside.admin.component.StateLabel;
import dev.nearside.admin.component.Tone;
import dev.nearside.model.wire.api.Certificates;

/// How certificates are spoken of.
final class CertificateWords {
    private static final int CLOSE = 7;

    private CertificateWords() {}

    /// How long it is still good; colour never says it alone.
    static StateLabel end(Certificates.Item certificate) {
        long days = certificate.daysLeft();
        if (days < 0) return new StateLabel(Tone.BAD, "Ended");
        var left = days == 0 ? "Ends today" : days == 1 ? "1 day left" : days + " days left";
        if (days < CLOSE) return new StateLabel(Tone.BAD, left);
        return new StateLabel(certificate.expiresSoon() ? Tone.WARN : Tone.GOOD, left);
    }

    /// How many of the edges that need it show this version.
    static Component edges(Certificates.Item certificate) {
        var edges = certificate.edges();
        if (edges.isEmpty()) return new Span("—");
        long applied =
                edges.stream().filter(edge -> edge.state().equals("applied")).count();
        var refused =
                edges.stream().filter(edge -> edge.state().equals("refused")).findFirst();
        var said = "%d of %d".formatted(applied, edges.size());
        if (refused.isEmpty()) return new StateLabel(applied == edges.size() ? Tone.GOOD : Tone.BUSY, said);
        var why = new Span(refused.get().name() + ": " + refused.get().why());
        why.addClassName("quiet");
        var cell = new Div(new StateLabel(Tone.BAD, said), why);
        cell.addClassName("stack");
        return cell;
    }

    static Component named(Certificates.Item certificate) {
        var quiet = new Span("%s, signed by %s".formatted(certificate.key(), certificate.issuer()));
        quiet.addClassName("quiet");
        var cell = new Div(new Span(certificate.name()), quiet);
        cell.addClassName("stack");
        return cell;
    }
}
