package dev.nearside.control.certificate;

import static dev.nearside.control.Authority.ec;
import static dev.nearside.control.Authority.pem;
import static dev.nearside.control.Authority.rsa;
import static dev.nearside.control.Authority.wish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.nearside.control.Authority;
import dev.nearside.control.Authority.Issued;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.api.NewCertificate;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.DSAPublicKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What is kept as a certificate, and what is refused, in which words.
@SuppressWarnings("TimeInStaticInitializer") // certificates that are good today
class PairTest {
    private static final Authority ROOT = made(() -> Authority.root("Root"));
    private static final Authority MIDDLE = made(() -> ROOT.below("Middle"));
    private static final KeyPair RSA = made(() -> rsa(2048));
    private static final KeyPair EC = made(() -> ec("secp256r1"));
    private static final Issued OF_EC = made(() -> MIDDLE.issue(wish("www", EC, "www.example.com", "*.example.com")));
    private static final Issued OF_RSA = made(() -> MIDDLE.issue(wish("www", RSA, "www.example.com")));
    private static final Issued OTHER = made(() -> MIDDLE.issue("other.example"));

    /// Certificates are made for a day around it.
    private final Instant now = Instant.now();

    private interface Making<T> {
        T make() throws GeneralSecurityException;
    }

    private static <T> T made(Making<T> making) {
        try {
            return making.make();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Checked<Pair> read(@Nullable String chain, @Nullable String key) {
        return Pair.read(new NewCertificate("www", chain, key), now);
    }

    /// The key inside PKCS#8, in the form that it had before.
    private static byte[] older(KeyPair keys) {
        var pkcs8 = keys.getPrivate().getEncoded();
        // The last element of the sequence is an octet string; what is in it begins with a sequence of its own.
        for (int i = 20; i < pkcs8.length; i++) {
            if (pkcs8[i] == 0x04) {
                int head = pkcs8[i + 1] >= 0 ? 2 : 2 + (pkcs8[i + 1] & 0x7F);
                if (pkcs8[i + head] == 0x30) return Arrays.copyOfRange(pkcs8, i + head, pkcs8.length);
            }
        }
        throw new IllegalStateException("no key in it");
    }

    static Stream<Arguments> usable() {
        return Stream.of(
                arguments("EC, PKCS#8", OF_EC.pem(), OF_EC.key()),
                arguments("EC, SEC 1", OF_EC.pem(), pem("EC PRIVATE KEY", older(EC))),
                arguments(
                        "EC, as ecparam writes it",
                        OF_EC.pem(),
                        pem("EC PARAMETERS", new byte[] {6, 8}) + pem("EC PRIVATE KEY", older(EC))),
                arguments("RSA, PKCS#8", OF_RSA.pem(), OF_RSA.key()),
                arguments("RSA, PKCS#1", OF_RSA.pem(), pem("RSA PRIVATE KEY", older(RSA))),
                arguments("with those behind it", OF_EC.pem() + MIDDLE.pem() + ROOT.pem(), OF_EC.key()),
                arguments(
                        "with words between", "subject: www\n" + OF_EC.pem() + "\n# and\n" + MIDDLE.pem(), OF_EC.key()),
                arguments("with the line ends of Windows", OF_EC.pem().replace("\n", "\r\n"), OF_EC.key()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void usable(String what, String chain, String key) {
        assertThat(read(chain, key)).as(what).isInstanceOfSatisfying(Checked.Valid.class, valid -> {
            var pair = (Pair) valid.value();
            assertThat(pair.toString())
                    .doesNotContain("PRIVATE")
                    .doesNotContain("RSA")
                    .contains("www");
            assertThat(pair.key().getEncoded()).isNotEmpty();
        });
    }

    static Stream<Arguments> refused() throws GeneralSecurityException {
        var weak = rsa(1024);
        var odd = ec("secp521r1");
        var own = ec("secp256r1");
        return Stream.of(
                arguments(null, OF_EC.key(), "certificate: missing (expected: PEM certificates)"),
                arguments(OF_EC.pem(), null, "privateKey: missing (expected: a PEM key)"),
                arguments("hello", OF_EC.key(), "certificate: no PEM in it (expected: -----BEGIN CERTIFICATE-----)"),
                arguments(OF_EC.pem(), "hello", "privateKey: no PEM in it (expected: -----BEGIN PRIVATE KEY-----)"),
                arguments("x".repeat(65_537), OF_EC.key(), "certificate: 65537 characters (expected: at most 65536)"),
                arguments(OF_EC.pem(), "x".repeat(16_385), "privateKey: 16385 characters (expected: at most 16384)"),
                arguments(OF_EC.pem().repeat(11), OF_EC.key(), "certificate: 11 PEM blocks (expected: at most 10)"),
                arguments(
                        OF_EC.pem().replace("-----END", "----END"),
                        OF_EC.key(),
                        "certificate: a block of CERTIFICATE does not end (expected: PEM)"),
                arguments(
                        pem("CERTIFICATE", new byte[] {1, 2}),
                        OF_EC.key(),
                        "certificate: the certificate is damaged (expected: a certificate that can be read)"),
                arguments(
                        OF_EC.pem() + OF_EC.key(),
                        OF_EC.key(),
                        "certificate: a private key stands among the certificates (expected: certificates alone)"),
                arguments(
                        OF_EC.pem(),
                        OF_EC.pem(),
                        "privateKey: a block of CERTIFICATE (expected: PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY)"),
                arguments(OF_EC.pem(), OF_EC.key().repeat(2), "privateKey: 2 PEM blocks (expected: one, the key)"),
                arguments(
                        OF_EC.pem(),
                        OTHER.key(),
                        "privateKey: the key of another certificate (expected: the one that this certificate was made"
                                + " for)"),
                arguments(
                        OF_EC.pem(),
                        OF_RSA.key(),
                        "privateKey: of algorithm RSA (expected: EC, as the certificate says)"),
                arguments(
                        OF_EC.pem(),
                        pem("RSA PRIVATE KEY", older(RSA)),
                        "privateKey: of algorithm RSA (expected: EC, as the certificate says)"),
                arguments(
                        OF_EC.pem(),
                        pem("PRIVATE KEY", new byte[] {1, 2}),
                        "privateKey: damaged (expected: a key that can be read)"),
                arguments(OF_EC.pem(), pem("ENCRYPTED PRIVATE KEY", new byte[] {1}), "privateKey: encrypted with"),
                arguments(OF_RSA.pem(), """
                        -----BEGIN RSA PRIVATE KEY-----
                        Proc-Type: 4,ENCRYPTED
                        DEK-Info: AES-128-CBC,AB

                        AAAA
                        -----END RSA PRIVATE KEY-----
                        """, "privateKey: encrypted with"),
                arguments(
                        OF_EC.pem() + ROOT.pem() + MIDDLE.pem(),
                        OF_EC.key(),
                        "certificate: the certificate is signed by number 3 of the chain and not by number 2 of the chain"
                                + " (expected: the certificate first, each signed by the next)"),
                arguments(
                        MIDDLE.pem() + OF_EC.pem(),
                        OF_EC.key(),
                        "certificate: the certificate is signed by CN=Root and not by number 2 of the chain (expected: the"
                                + " certificate first, each signed by the next)"),
                arguments(
                        MIDDLE.issue(wish("x", weak, "x.example")).pem(),
                        OF_EC.key(),
                        "certificate: the certificate has an RSA key of 1024 bits (expected: 2048 to 4096)"),
                arguments(
                        MIDDLE.issue(wish("x", odd, "x.example")).pem(),
                        OF_EC.key(),
                        "certificate: the certificate has an EC key of 521 bits (expected: P-256 or P-384)"),
                arguments(
                        MIDDLE.issue(wish("x", own, "x.example").signedWith("SHA1withECDSA"))
                                .pem(),
                        OF_EC.key(),
                        "certificate: the certificate is signed with SHA1withECDSA (expected: SHA-256 or better)"),
                arguments(
                        MIDDLE.issue(wish("x", own, "x.example").until(Instant.parse("2026-01-01T00:00:00Z")))
                                .pem(),
                        OF_EC.key(),
                        "certificate: the certificate ended on 2026-01-01T00:00:00Z (expected: one that is still valid)"),
                arguments(
                        MIDDLE.issue(wish("x", own)).pem(),
                        OF_EC.key(),
                        "certificate: the certificate names no host (expected: a subjectAltName"),
                arguments(
                        MIDDLE.issue(wish("x", own, "x.example").purpose("2B06010505070302"))
                                .pem(),
                        OF_EC.key(),
                        "certificate: the certificate is not for servers"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource
    void refused(@Nullable String chain, @Nullable String key, String problem) {
        var read = read(chain, key);

        assertThat(read.problems())
                .extracting(Problem::toString)
                .anySatisfy(said -> assertThat(said).startsWith(problem));
        assertThat(read.problems().toString()).doesNotContain("MII").doesNotContain("BEGIN RSA");
    }

    @Test
    void nothingIsSignedOrVerifiedWithAKeyOfAnySize() throws GeneralSecurityException {
        // With these it takes a second of a core, with as many as there is room for more than ten.
        var odd = BigInteger.ONE.shiftLeft(60_000).setBit(0);
        var keys = new KeyPair(
                KeyFactory.getInstance("DSA")
                        .generatePublic(new DSAPublicKeySpec(
                                odd.subtract(BigInteger.TWO),
                                odd,
                                BigInteger.ONE.shiftLeft(255).setBit(0),
                                odd.subtract(BigInteger.TEN))),
                EC.getPrivate());
        var signer = ROOT.issue(wish("Signer", keys, "signer.example"));
        var signed = Authority.signedByNobody(wish("www", EC, "www.example.com"), "Signer");

        assertThat(read(signed.pem() + signer.pem(), signed.key()).problems())
                .extracting(Problem::toString)
                .containsExactly("certificate: number 2 of the chain has a key of algorithm DSA (expected: RSA or EC)");

        var prime = BigInteger.ONE.shiftLeft(20_000).setBit(0);
        var own = (RSAPrivateCrtKey) RSA.getPrivate();
        var slow = KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        own.getModulus(), own.getPublicExponent(), prime, prime, prime, prime, prime, prime));
        assertThat(read(OF_RSA.pem(), pem("PRIVATE KEY", slow.getEncoded())).problems())
                .extracting(Problem::path)
                .containsExactly("privateKey");
    }

    @Test
    void whoMayNotSignDoesNot() throws GeneralSecurityException {
        var keys = ec("secp256r1");
        var server = Authority.selfSigned(wish("Root", keys, "root.example"));
        var chain = OF_EC.pem() + server.pem();

        assertThat(read(chain, OF_EC.key()).problems()).isNotEmpty();
    }

    @Test
    void namesAreTheAlternativeOnesInLowerCase() throws GeneralSecurityException {
        var issued = ROOT.issue(wish("x", EC, "WWW.Example.com", "*.example.com", "192.0.2.7"));

        assertThat(new Chain(List.of(issued.certificate())).names().names())
                .containsExactly("www.example.com", "*.example.com", "192.0.2.7");
    }

    @Test
    void warnsOfWhatViewersWillNotLike() throws GeneralSecurityException {
        var later = ROOT.issue(
                wish("x", EC, "x.example").from(now.plusSeconds(3600)).until(now.plusSeconds(90_000)));
        var chain = new Chain(List.of(later.certificate()));

        assertThat(chain.warnings(now)).hasSize(3);
        assertThat(chain.warnings(now).get(0)).startsWith("ends in 1 day, on ");
        assertThat(chain.warnings(now).get(1)).startsWith("not valid before ");
        assertThat(chain.warnings(now).get(2)).startsWith("nothing behind it: viewers who do not know CN=Root");
        assertThat(chain.warnings(now.plusSeconds(200_000)).getFirst()).startsWith("ended on ");
        assertThat(chain.daysLeft(now.plusSeconds(200_000))).isNegative();
    }

    @Test
    void aKeyInTheWrongPlaceIsNotQuoted() {
        var problems = List.of(new Problem("name", "\"" + OF_EC.key() + "\" (expected: a name)"));

        assertThat(Pair.withoutSecrets(problems)).containsExactly(new Problem("name", "a PEM text in the wrong place"));
        var named = Pair.read(new NewCertificate(OF_EC.key(), OF_EC.pem(), OF_EC.key()), now);
        assertThat(named.problems().toString()).doesNotContain("BEGIN");
    }
}
