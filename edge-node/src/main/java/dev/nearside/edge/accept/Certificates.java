package dev.nearside.edge.accept;

import dev.nearside.edge.file.Unreadable;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificates that viewers are shown, as they lie in PEM files, read again when the files change.
///
/// A viewer gets the one that covers the name it asks for (SNI), and the first if none does or it names nothing.
public final class Certificates {

    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
    private static final byte[] PROBE = {'n', 'e', 'a', 'r', 's', 'i', 'd', 'e'};

    private final Vertx vertx;
    private final List<Pair> pairs;
    private volatile Shown shown;
    private List<Contents> last;

    /// Where a certificate, with those that it was signed with, and its key lie.
    public record Pair(Path certificate, Path key) {
        @Override
        public String toString() {
            return certificate + ":" + key;
        }
    }

    /// When a certificate ends.
    ///
    /// @param certificate its file, or its name
    public record Expiry(String certificate, Instant at) {
        public Duration left(Instant now) {
            return Duration.between(now, at);
        }
    }

    private record Contents(Buffer certificate, Buffer key) {}

    private record Shown(PemKeyCertOptions options, List<Expiry> expiries) {}

    private Certificates(Vertx vertx, List<Pair> pairs, List<Contents> contents, Shown shown) {
        this.vertx = vertx;
        this.pairs = pairs;
        this.last = contents;
        this.shown = shown;
    }

    /// Reads the files; blocks.
    ///
    /// @throws IOException with a message for the operator if one of the pairs cannot be used
    public static Certificates open(Vertx vertx, List<Pair> pairs) throws IOException {
        var contents = read(pairs);
        return new Certificates(vertx, pairs, contents, shown(vertx, pairs, contents));
    }

    /// What to show, the first one by default.
    public PemKeyCertOptions options() {
        return shown.options();
    }

    public List<Expiry> expiries() {
        return shown.expiries();
    }

    /// Looks at the files again; blocks. What cannot be used is reported once, and what was shown before stays.
    ///
    /// @return what to show from now on, if that changed
    public synchronized Optional<PemKeyCertOptions> reload() {
        try {
            var contents = read(pairs);
            if (contents.equals(last)) return Optional.empty();
            last = contents;
            shown = shown(vertx, pairs, contents);
            LOG.info("Showing changed certificates: {}", pairs);
            return Optional.of(shown.options());
        } catch (IOException e) {
            LOG.error("Still showing the certificates of before: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static List<Contents> read(List<Pair> pairs) throws IOException {
        var contents = new ArrayList<Contents>(pairs.size());
        for (var pair : pairs) {
            contents.add(new Contents(read(pair.certificate()), read(pair.key())));
        }
        return List.copyOf(contents);
    }

    private static Buffer read(Path file) throws IOException {
        try {
            return Buffer.buffer(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IOException("--certificate: %s %s (expected: a PEM file)".formatted(file, Unreadable.why(e)), e);
        }
    }

    private static Shown shown(Vertx vertx, List<Pair> pairs, List<Contents> contents) throws IOException {
        var all = new PemKeyCertOptions();
        var expiries = new ArrayList<Expiry>(pairs.size());
        for (int i = 0; i < pairs.size(); i++) {
            var pair = pairs.get(i);
            var leaf = leaf(vertx, pair, contents.get(i));
            expiries.add(
                    new Expiry(pair.certificate().toString(), leaf.getNotAfter().toInstant()));
            all.addCertValue(contents.get(i).certificate());
            all.addKeyValue(contents.get(i).key());
        }
        return new Shown(all, List.copyOf(expiries));
    }

    /// The certificate of a pair whose key is really its own.
    private static X509Certificate leaf(Vertx vertx, Pair pair, Contents contents) throws IOException {
        try {
            var options =
                    new PemKeyCertOptions().addCertValue(contents.certificate()).addKeyValue(contents.key());
            var leaf = leaf(vertx, options);
            if (leaf.isEmpty()) throw unusable(pair, "the key is not the certificate's", null);
            return leaf.get();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw unusable(pair, String.valueOf(e.getMessage()), e);
        }
    }

    /// Empty if the key is another's.
    static Optional<X509Certificate> leaf(Vertx vertx, PemKeyCertOptions options) throws Exception {
        var store = options.loadKeyStore(vertx);
        var leaf = (X509Certificate) store.getCertificate(store.aliases().nextElement());
        var manager = (X509KeyManager) options.getKeyManagerFactory(vertx).getKeyManagers()[0];
        var aliases = manager.getServerAliases(leaf.getPublicKey().getAlgorithm(), null);
        boolean isPair = aliases != null && belong(leaf, manager.getPrivateKey(aliases[0]));
        return isPair ? Optional.of(leaf) : Optional.empty();
    }

    private static boolean belong(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        var algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) return false;
        var signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(PROBE);
        var checking = Signature.getInstance(algorithm);
        checking.initVerify(certificate.getPublicKey());
        checking.update(PROBE);
        return checking.verify(signing.sign());
    }

    private static IOException unusable(Pair pair, String why, @Nullable Throwable cause) {
        return new IOException(
                "--certificate: %s: %s (expected: a PEM certificate and its PEM key)".formatted(pair, why), cause);
    }

    /// Whether a certificate was made for a host (RFC 6125): by name, by a `*` for its first label, or by address.
    static boolean covers(X509Certificate certificate, String host) {
        try {
            var names = certificate.getSubjectAlternativeNames();
            if (names == null) return false;
            for (var name : names) {
                if (name.get(1) instanceof String text && matches(text.toLowerCase(Locale.ROOT), host)) return true;
            }
            return false;
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static boolean matches(String name, String host) {
        if (!name.startsWith("*.")) return name.equals(host);
        int dot = host.indexOf('.');
        return dot > 0 && host.substring(dot).equals(name.substring(1));
    }
}
