package dev.nearside.control.certificate;

import dev.nearside.control.metrics.Family;
import dev.nearside.model.wire.DistributionDocument;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says in time which certificates end: to the log once a day, to whoever scrapes, and beside the distributions.
public final class Expiry {
    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

    private final CertificateRepository repository;
    private final InstantSource clock;

    public Expiry(CertificateRepository repository, InstantSource clock) {
        this.repository = repository;
        this.clock = clock;
    }

    /// Tells the log of every certificate that has ended or will soon.
    public void warn() {
        for (var certificate : repository.all()) {
            certificate
                    .chain()
                    .expiry(clock.instant())
                    .ifPresent(when -> LOG.warn("certificate {} {}", certificate.name(), when));
        }
    }

    /// For `/metrics`, in the format of OpenMetrics.
    public String metrics() {
        var family = Family.gauge("nearside_certificate_expiry_seconds", "Seconds until a certificate ends.");
        var now = clock.instant();
        for (var certificate : repository.all()) {
            long left = certificate.chain().notAfter().getEpochSecond() - now.getEpochSecond();
            family.with("certificate", certificate.name(), left);
        }
        return family.text();
    }

    /// What an operator should know of distributions and their certificates, as of one moment.
    @FunctionalInterface
    public interface Warnings {
        List<String> of(DistributionDocument distribution);
    }

    public Warnings warnings() {
        var all = repository.all();
        var now = clock.instant();
        return distribution -> warnings(distribution, all, now);
    }

    private static List<String> warnings(DistributionDocument distribution, List<Certificate> all, Instant now) {
        var shown = Uses.shownBy(distribution);
        if (shown.isEmpty()) return withoutCertificate(distribution);
        return all.stream()
                .filter(each -> each.id().equals(shown.get()))
                .findFirst()
                .flatMap(each -> each.chain().expiry(now).map(when -> "certificate %s %s".formatted(each.name(), when)))
                .stream()
                .toList();
    }

    private static List<String> withoutCertificate(DistributionDocument distribution) {
        var warnings = new ArrayList<String>();
        warnings.add("no certificate: served over plain HTTP only");
        var behaviors = new ArrayList<>(Objects.requireNonNullElse(distribution.cacheBehaviors(), List.of()));
        Optional.ofNullable(distribution.defaultCacheBehavior()).ifPresent(behaviors::add);
        boolean wantsTls = behaviors.stream()
                .anyMatch(behavior -> "redirect-to-https".equals(behavior.viewerProtocolPolicy())
                        || "https-only".equals(behavior.viewerProtocolPolicy()));
        if (wantsTls) {
            warnings.add("a behavior asks viewers to come over HTTPS, where nobody answers them without a certificate");
        }
        return warnings;
    }
}
