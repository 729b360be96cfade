package dev.nearside.control.certificate;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// The chain that viewers will be shown, out of PEM; or every reason why they would refuse it.
final class ChainReader {
    private static final String PATH = "certificate";
    private static final int LONGEST = 10;
    private static final int SMALLEST_RSA = 2048;
    private static final int LARGEST_RSA = 4096;
    private static final List<Integer> CURVES = List.of(256, 384);
    private static final String FOR_SERVERS = "1.3.6.1.5.5.7.3.1";
    private static final String FOR_ANYTHING = "2.5.29.37.0";

    private final List<Problem> problems = new ArrayList<>();

    private ChainReader() {}

    static Checked<Chain> read(String pem, Instant now) {
        return Pem.blocks(pem, PATH).then(ChainReader::certificates).then(chain -> {
            var reader = new ChainReader();
            reader.judge(chain, now);
            return Checked.of(chain, reader.problems);
        });
    }

    private static Checked<Chain> certificates(List<Pem.Block> blocks) {
        if (blocks.isEmpty()) return refused("no PEM in it (expected: -----BEGIN CERTIFICATE-----)");
        if (blocks.size() > LONGEST) {
            return refused("%d PEM blocks (expected: at most %d)".formatted(blocks.size(), LONGEST));
        }
        var certificates = new ArrayList<X509Certificate>();
        for (var block : blocks) {
            if (block.label().endsWith("PRIVATE KEY")) {
                return refused("a private key stands among the certificates (expected: certificates alone)");
            }
            if (!block.label().equals("CERTIFICATE")) {
                return refused("a block of %s (expected: CERTIFICATE)".formatted(block.label()));
            }
            try {
                certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(block.bytes())));
            } catch (CertificateException | ClassCastException _) {
                return refused("%s is damaged (expected: a certificate that can be read)"
                        .formatted(place(certificates.size())));
            }
        }
        return new Checked.Valid<>(new Chain(certificates));
    }

    /// A chain as it was stored: it was read without a problem before.
    static Chain stored(String pem) {
        return switch (Pem.blocks(pem, PATH).then(ChainReader::certificates)) {
            case Checked.Valid<Chain>(var chain) -> chain;
            case Checked.Invalid<Chain>(var problems) -> throw new IllegalStateException("stored chain: " + problems);
        };
    }

    private void judge(Chain chain, Instant now) {
        var certificates = chain.certificates();
        for (int i = 0; i < certificates.size(); i++) judgeKey(certificates.get(i), i);
        // A signature is not looked at with a key of any size that somebody likes: that takes seconds of a core.
        if (problems.isEmpty()) judgeOrder(certificates);
        for (int i = 0; i < certificates.size(); i++) {
            judgeSignature(certificates.get(i), i);
            judgeEnd(certificates.get(i), i, now);
        }
        if (chain.names().names().isEmpty()) {
            add("the certificate names no host (expected: a subjectAltName with host names or addresses; viewers ignore"
                    + " the common name)");
        }
        judgePurpose(chain.leaf());
    }

    private void judgeOrder(List<X509Certificate> chain) {
        for (int i = 0; i + 1 < chain.size(); i++) {
            var next = chain.get(i + 1);
            if (!isSignedBy(chain.get(i), next)) {
                int signed = i;
                var actual = IntStream.range(0, chain.size())
                        .filter(other -> other != signed && isSignedBy(chain.get(signed), chain.get(other)))
                        .mapToObj(ChainReader::place)
                        .findFirst()
                        .orElseGet(
                                () -> chain.get(signed).getIssuerX500Principal().getName());
                add("%s is signed by %s and not by %s (expected: the certificate first, each signed by the next)"
                        .formatted(place(i), actual, place(i + 1)));
                return;
            }
            if (next.getBasicConstraints() < 0) {
                add("%s may not sign others (expected: a certificate authority's)".formatted(place(i + 1)));
            }
        }
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate signer) {
        if (!certificate.getIssuerX500Principal().equals(signer.getSubjectX500Principal())) return false;
        try {
            certificate.verify(signer.getPublicKey());
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private void judgeKey(X509Certificate certificate, int index) {
        switch (certificate.getPublicKey()) {
            case RSAPublicKey rsa -> {
                int bits = rsa.getModulus().bitLength();
                if (bits < SMALLEST_RSA || bits > LARGEST_RSA) {
                    add("%s has an RSA key of %d bits (expected: %d to %d)"
                            .formatted(place(index), bits, SMALLEST_RSA, LARGEST_RSA));
                }
            }
            case ECPublicKey ec -> {
                int bits = ec.getParams().getOrder().bitLength();
                if (!CURVES.contains(bits)) {
                    add("%s has an EC key of %d bits (expected: P-256 or P-384)".formatted(place(index), bits));
                }
            }
            default ->
                add("%s has a key of algorithm %s (expected: RSA or EC)"
                        .formatted(place(index), certificate.getPublicKey().getAlgorithm()));
        }
    }

    /// What a root says of itself is not looked at by anybody.
    private void judgeSignature(X509Certificate certificate, int index) {
        boolean isRoot =
                index > 0 && certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
        var algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        if (!isRoot && (algorithm.startsWith("SHA1") || algorithm.startsWith("MD"))) {
            add("%s is signed with %s (expected: SHA-256 or better)"
                    .formatted(place(index), certificate.getSigAlgName()));
        }
    }

    private void judgeEnd(X509Certificate certificate, int index, Instant now) {
        var end = certificate.getNotAfter().toInstant();
        if (!end.isAfter(now)) add("%s ended on %s (expected: one that is still valid)".formatted(place(index), end));
    }

    private void judgePurpose(X509Certificate leaf) {
        try {
            var purposes = leaf.getExtendedKeyUsage();
            if (purposes != null && !purposes.contains(FOR_SERVERS) && !purposes.contains(FOR_ANYTHING)) {
                add("the certificate is not for servers (expected: serverAuth among its extended key usages)");
            }
        } catch (CertificateParsingException _) {
            add("the certificate's extended key usages cannot be read");
        }
    }

    private static String place(int index) {
        return index == 0 ? "the certificate" : "number %d of the chain".formatted(index + 1);
    }

    private void add(String message) {
        problems.add(new Problem(PATH, message));
    }

    private static Checked<Chain> refused(String message) {
        return new Checked.Invalid<>(List.of(new Problem(PATH, message)));
    }
}
