package dev.nearside.admin.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Who vouches for the control plane.
public final class Authorities {

    private Authorities() {}

    /// TLS that believes whom the PEM certificates of a file vouch for, and nobody else.
    ///
    /// @throws IOException with a message for the operator
    public static SSLContext of(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            if (number == 0) throw new IOException(file + " holds no certificate");
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException(
                    "--control-plane-ca: %s cannot be used (expected: PEM certificates): %s"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }
}
