package dev.nearside.model.wire.api;

import org.jspecify.annotations.Nullable;

/// POST /certificates; PUT /certificates/{id}.
///
/// @param name 1 to 64 letters, digits, `-`, `_` and `.`; distributions may refer to it; when a certificate is
///     replaced, absent to keep it
/// @param certificate PEM: the certificate first, then those it was signed with, each by the next
/// @param privateKey PEM, without a passphrase: PKCS#8, PKCS#1 or SEC 1
public record NewCertificate(
        @Nullable String name,
        @Nullable String certificate,
        @Nullable String privateKey) {
    /// Never shows the key, wherever it is printed.
    @Override
    public String toString() {
        return "NewCertificate[" + name + "]";
    }
}
