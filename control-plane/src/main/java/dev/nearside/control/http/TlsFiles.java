package dev.nearside.control.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;

/// The PEM files that the API proves itself with.
///
/// @param certificate with those it was signed with, in their order
/// @param key of the first of them, in PKCS #8
/// @param clientAuthorities certificates that vouch for edges; if there are any, an edge has to show its own
public record TlsFiles(Path certificate, Path key, Optional<Path> clientAuthorities) {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /// The key store is never written anywhere.
    private static final char[] NO_PASSWORD = {};

    /// Why a file cannot be used, with the option that named it.
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String message, Throwable cause) {
            super(message, cause);
        }

        Unusable(String message) {
            super(message);
        }
    }

    /// When the files were changed last.
    List<FileTime> times() throws IOException {
        var times = new ArrayList<FileTime>();
        times.add(Files.getLastModifiedTime(certificate));
        times.add(Files.getLastModifiedTime(key));
        return times;
    }

    X509ExtendedKeyManager keyManager() throws Unusable {
        var chain = certificates("--tls-certificate", certificate);
        var privateKey = privateKey(chain.getFirst().getPublicKey());
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry("api", privateKey, NO_PASSWORD, chain.toArray(Certificate[]::new));
            var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            for (var manager : factory.getKeyManagers()) {
                if (manager instanceof X509ExtendedKeyManager usable) return usable;
            }
            throw new IllegalStateException("the JDK has a key manager for X.509");
        } catch (GeneralSecurityException | IOException e) {
            throw new Unusable("--tls-key: %s cannot be used: %s".formatted(key, e.getMessage()), e);
        }
    }

    Optional<X509TrustManager> trustManager() throws Unusable {
        if (clientAuthorities.isEmpty()) return Optional.empty();
        return Optional.of(trusting("--tls-client-ca", clientAuthorities.get()));
    }

    /// TLS for somebody who calls an API that a file's certificates vouch for.
    public static SSLContext contextTrusting(String option, Path file) throws Unusable {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trusting(option, file)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new Unusable("%s: TLS cannot be set up: %s".formatted(option, e.getMessage()), e);
        }
    }

    /// Believes whom the certificates of a file vouch for, and nobody else.
    public static X509TrustManager trusting(String option, Path file) throws Unusable {
        var authorities = certificates(option, file);
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            for (int i = 0; i < authorities.size(); i++) store.setCertificateEntry("ca-" + i, authorities.get(i));
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (var manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager usable) return usable;
            }
            throw new IllegalStateException("the JDK has a trust manager for X.509");
        } catch (GeneralSecurityException | IOException e) {
            throw new Unusable("%s: %s cannot be used: %s".formatted(option, file, e.getMessage()), e);
        }
    }

    private static List<Certificate> certificates(String option, Path file) throws Unusable {
        try (var in = Files.newInputStream(file)) {
            var found = List.<Certificate>copyOf(
                    CertificateFactory.getInstance("X.509").generateCertificates(in));
            if (!found.isEmpty()) return found;
            throw new Unusable("%s: %s holds no certificate (expected: PEM)".formatted(option, file));
        } catch (IOException e) {
            throw new Unusable("%s: %s cannot be read (expected: a PEM file)".formatted(option, file), e);
        } catch (CertificateException e) {
            throw new Unusable("%s: %s holds no certificates: %s".formatted(option, file, e.getMessage()), e);
        }
    }

    private PrivateKey privateKey(PublicKey matching) throws Unusable {
        String text;
        try {
            text = Files.readString(key);
        } catch (IOException e) {
            throw new Unusable("--tls-key: %s cannot be read (expected: a PEM file)".formatted(key), e);
        }
        var found = KEY.matcher(text);
        if (!found.find()) {
            throw new Unusable(("--tls-key: %s holds no unencrypted PKCS #8 key (expected: -----BEGIN PRIVATE KEY-----;"
                            + " openssl pkcs8 -topk8 -nodes -in KEY makes one)")
                    .formatted(key));
        }
        try {
            var bytes = Base64.getMimeDecoder().decode(found.group(1));
            var read = KeyFactory.getInstance(matching.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(bytes));
            if (isPair(read, matching)) return read;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Unusable(
                    "--tls-key: %s does not belong to the certificate: %s".formatted(key, e.getMessage()), e);
        }
        throw new Unusable("--tls-key: %s does not belong to the certificate (expected: its key)".formatted(key));
    }

    private static boolean isPair(PrivateKey secret, PublicKey open) throws GeneralSecurityException {
        var algorithm = switch (open.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        var text = new byte[32];
        new SecureRandom().nextBytes(text);
        var signature = Signature.getInstance(algorithm);
        signature.initSign(secret);
        signature.update(text);
        var signed = signature.sign();
        signature.initVerify(open);
        signature.update(text);
        return signature.verify(signed);
    }
}
