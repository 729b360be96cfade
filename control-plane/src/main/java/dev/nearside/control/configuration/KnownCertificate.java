package dev.nearside.control.configuration;

import dev.nearside.model.distribution.CertificateNames;
import java.util.List;
import java.util.Optional;

/// A certificate that distributions may refer to, by its id or its name.
///
/// @param names what it was made for
public record KnownCertificate(String id, String name, CertificateNames names) {

    /// By its id or, if no other has it as id, its name.
    static Optional<KnownCertificate> find(String reference, List<KnownCertificate> all) {
        return all.stream()
                .filter(each -> each.id.equals(reference))
                .findFirst()
                .or(() ->
                        all.stream().filter(each -> each.name.equals(reference)).findFirst());
    }
}
