package dev.nearside.control.configuration;

import dev.nearside.model.distribution.CertificateNames;

/// A certificate that distributions may refer to, by its id or its name.
///
/// @param names what it was made for
public record KnownCertificate(String id, String name, CertificateNames names) {

    boolean goesBy(String reference) {
        return id.equals(reference) || name.equals(reference);
    }
}
