package dev.nearside.control.certificate;

import dev.nearside.model.check.Problem;
import dev.nearside.model.distribution.CertificateNames;
import dev.nearside.model.distribution.HostName;
import dev.nearside.model.wire.DistributionDocument;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which distributions show which certificates; functions of their arguments.
public final class Uses {
    private Uses() {}

    /// The id of the certificate that a stored distribution shows.
    public static Optional<String> shownBy(DistributionDocument distribution) {
        return Optional.ofNullable(distribution.viewerCertificate())
                .map(DistributionDocument.ViewerCertificate::certificateId);
    }

    /// All certificates that some distributions show.
    public static Set<String> shownBy(List<DistributionDocument> distributions) {
        return distributions.stream().flatMap(each -> shownBy(each).stream()).collect(Collectors.toUnmodifiableSet());
    }

    /// The names of the distributions that show a certificate.
    static List<String> of(String id, List<DistributionDocument> distributions) {
        return showing(id, distributions).map(Uses::name).sorted().toList();
    }

    /// Where a certificate is needed, in words.
    static List<String> of(String id, List<DistributionDocument> latest, List<DistributionDocument> published) {
        var where = new LinkedHashSet<String>();
        of(id, latest).forEach(name -> where.add("distribution " + name));
        of(id, published).stream()
                .filter(name -> !where.contains("distribution " + name))
                .forEach(name -> where.add("distribution " + name + " of the current snapshot"));
        return List.copyOf(where);
    }

    /// Every alias that a certificate of these names could not be shown for.
    static List<Problem> uncovered(
            String id,
            CertificateNames names,
            List<DistributionDocument> latest,
            List<DistributionDocument> published) {
        var messages = new LinkedHashSet<String>();
        Stream.concat(showing(id, latest), showing(id, published))
                .forEach(distribution -> aliases(distribution).stream()
                        .filter(alias -> !names.covers(new HostName(alias)))
                        .forEach(alias -> messages.add("not made for %s, an alias of distribution %s (it names: %s)"
                                .formatted(alias, name(distribution), String.join(", ", names.names())))));
        var problems = new ArrayList<Problem>();
        for (var message : messages) problems.add(new Problem("certificate", message));
        return problems;
    }

    private static Stream<DistributionDocument> showing(String id, List<DistributionDocument> distributions) {
        return distributions.stream()
                .filter(each -> shownBy(each).map(id::equals).orElse(false));
    }

    private static List<String> aliases(DistributionDocument distribution) {
        return Objects.requireNonNullElse(distribution.aliases(), List.of());
    }

    private static String name(DistributionDocument distribution) {
        return Objects.requireNonNullElse(distribution.name(), "");
    }
}
