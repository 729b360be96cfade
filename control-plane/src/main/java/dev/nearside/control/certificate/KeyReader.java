package dev.nearside.control.certificate;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Optional;

/// The private key that belongs to a certificate, out of PEM: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC).
///
/// No refusal quotes anything of a key.
final class KeyReader {
    private static final String PATH = "privateKey";
    private static final byte[] PROBE = {'n', 'e', 'a', 'r', 's', 'i', 'd', 'e'};
    /// In bytes; one of 4,096 bits has 2,375.
    private static final int LONGEST_RSA = 3_000;

    private static final List<String> KNOWN = List.of("RSA", "EC", "EdDSA", "DSA");

    private KeyReader() {}

    static Checked<PrivateKey> read(String pem, PublicKey certified) {
        return Pem.blocks(pem, PATH).then(blocks -> read(blocks, certified));
    }

    private static Checked<PrivateKey> read(List<Pem.Block> all, PublicKey certified) {
        // OpenSSL writes the curve before the key.
        var blocks = all.stream()
                .filter(block -> !block.label().equals("EC PARAMETERS"))
                .toList();
        if (blocks.isEmpty()) return refused("no PEM in it (expected: -----BEGIN PRIVATE KEY-----)");
        if (blocks.size() > 1) return refused(blocks.size() + " PEM blocks (expected: one, the key)");
        var block = blocks.getFirst();
        if (block.isEncrypted() || block.label().equals("ENCRYPTED PRIVATE KEY")) {
            return refused("encrypted with a passphrase (expected: a key without one, as `openssl pkey -in KEY` writes"
                    + " it; it is sealed before it is stored)");
        }
        return switch (block.label()) {
            case "PRIVATE KEY" -> key(block.bytes(), certified);
            case "RSA PRIVATE KEY" -> wrapped("RSA", block.bytes(), certified);
            case "EC PRIVATE KEY" -> wrapped("EC", block.bytes(), certified);
            default ->
                refused("a block of %s (expected: PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY)"
                        .formatted(block.label()));
        };
    }

    /// The older forms say less than PKCS#8: what they leave out is the certificate's own.
    private static Checked<PrivateKey> wrapped(String algorithm, byte[] bytes, PublicKey certified) {
        if (!algorithm.equals(certified.getAlgorithm())) return otherAlgorithm(algorithm, certified);
        return key(Der.pkcs8(certified.getEncoded(), bytes), certified);
    }

    private static Checked<PrivateKey> key(byte[] pkcs8, PublicKey certified) {
        var algorithm = certified.getAlgorithm();
        var key = key(pkcs8, algorithm);
        if (key.isEmpty()) {
            return KNOWN.stream()
                    .filter(other ->
                            !other.equals(algorithm) && key(pkcs8, other).isPresent())
                    .findFirst()
                    .map(other -> otherAlgorithm(other, certified))
                    .orElseGet(() -> refused("damaged (expected: a key that can be read)"));
        }
        return belong(key.get(), certified)
                ? new Checked.Valid<>(key.get())
                : refused("the key of another certificate (expected: the one that this certificate was made for)");
    }

    private static Optional<PrivateKey> key(byte[] pkcs8, String algorithm) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static boolean belong(PrivateKey key, PublicKey certified) {
        if (!isOfSameSize(key, certified)) return false;
        try {
            var signing =
                    Signature.getInstance("SHA256with" + (key.getAlgorithm().equals("EC") ? "ECDSA" : "RSA"));
            signing.initSign(key);
            signing.update(PROBE);
            var signed = signing.sign();
            signing.initVerify(certified);
            signing.update(PROBE);
            return signing.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    /// Before anything is signed with a key of any size that somebody likes: that takes seconds of a core.
    private static boolean isOfSameSize(PrivateKey key, PublicKey certified) {
        return !(certified instanceof RSAPublicKey open)
                || key instanceof RSAPrivateKey secret
                        && secret.getModulus().equals(open.getModulus())
                        && key.getEncoded().length <= LONGEST_RSA;
    }

    private static Checked<PrivateKey> otherAlgorithm(String algorithm, PublicKey certified) {
        return refused("of algorithm %s (expected: %s, as the certificate says)"
                .formatted(algorithm, certified.getAlgorithm()));
    }

    private static Checked<PrivateKey> refused(String message) {
        return new Checked.Invalid<>(List.of(new Problem(PATH, message)));
    }
}
