package dev.nearside.edge.origin;

import dev.nearside.edge.file.Unreadable;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Whose word counts for who an origin is: the authorities that the Java runtime knows, and those of the operator.
public final class OriginTrust {

    private final TrustManager authorities;

    private OriginTrust(TrustManager authorities) {
        this.authorities = authorities;
    }

    /// The authorities of the Java runtime, and those of a file besides.
    ///
    /// @param more PEM certificates of authorities, one after the other
    /// @throws IOException with a message for the operator
    public static OriginTrust of(Optional<Path> more) throws IOException {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (var known : x509(null).getAcceptedIssuers()) store.setCertificateEntry("known-" + number++, known);
            if (more.isPresent()) {
                for (var own : read(more.get())) store.setCertificateEntry("own-" + number++, own);
            }
            return new OriginTrust(x509(store));
        } catch (GeneralSecurityException e) {
            throw new IOException("the authorities that certify origins cannot be read: " + e.getMessage(), e);
        }
    }

    private static Collection<? extends Certificate> read(Path file) throws IOException {
        Collection<? extends Certificate> read;
        try (var in = Files.newInputStream(file)) {
            read = CertificateFactory.getInstance("X.509").generateCertificates(in);
        } catch (IOException e) {
            throw new IOException(
                    "--origin-ca: %s %s (expected: a file of PEM certificates)".formatted(file, Unreadable.why(e)), e);
        } catch (CertificateException e) {
            throw new IOException(
                    "--origin-ca: %s (expected: a file of PEM certificates): %s".formatted(file, e.getMessage()), e);
        }
        if (read.isEmpty())
            throw new IOException("--origin-ca: %s is empty (expected: PEM certificates)".formatted(file));
        return read;
    }

    /// @param store of authorities; null for the runtime's own
    private static X509TrustManager x509(@Nullable KeyStore store) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("there is no X.509 trust manager"));
    }

    TrustOptions options() {
        return TrustOptions.wrap(authorities);
    }

    /// Why a handshake failed, in the words of an operator's log; empty if it was no handshake that did.
    static Optional<String> complaint(Throwable failure) {
        boolean handshake = false;
        for (var cause : causes(failure)) {
            switch (cause) {
                case CertificateExpiredException expired -> {
                    return Optional.of(
                            "its certificate, or one that vouches for it, has expired: " + expired.getMessage());
                }
                case CertificateNotYetValidException early -> {
                    return Optional.of("its certificate is not valid yet: " + early.getMessage());
                }
                case CertPathValidatorException path -> {
                    handshake = true;
                    if (causes(path).size() == 1)
                        return Optional.of("its certificate is not trusted: " + path.getMessage());
                }
                case SSLException _, CertificateException _ -> handshake = true;
                default -> {}
            }
        }
        if (!handshake) return Optional.empty();
        var root = causes(failure).getLast();
        var said = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        if (said.startsWith("No subject alternative") || said.startsWith("No name matching")) {
            return Optional.of("its certificate is for another name: " + said);
        }
        return said.contains("unable to find valid certification path")
                ? Optional.of("its certificate is signed by nobody we trust: " + said)
                : Optional.of("TLS: " + said);
    }

    private static List<Throwable> causes(Throwable failure) {
        var causes = new ArrayList<Throwable>();
        for (var cause = failure; cause != null && causes.size() < 16; cause = cause.getCause()) causes.add(cause);
        return causes;
    }
}
