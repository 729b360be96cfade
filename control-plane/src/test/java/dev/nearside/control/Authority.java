package dev.nearside.control;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Signs certificates for tests, good ones and bad ones (RFC 5280, written in DER by hand).
public final class Authority {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final AtomicLong SERIALS = new AtomicLong(1000);
    private static final String COMMON_NAME = "550403";
    private static final String ALTERNATIVE_NAMES = "551D11";
    private static final String CONSTRAINTS = "551D13";
    private static final String PURPOSES = "551D25";

    private final String name;
    private final KeyPair keys;
    private final X509Certificate own;

    private Authority(String name, KeyPair keys, X509Certificate own) {
        this.name = name;
        this.keys = keys;
        this.own = own;
    }

    /// A certificate with its key.
    public record Issued(X509Certificate certificate, KeyPair keys) {
        public String pem() {
            return Authority.pem(certificate);
        }

        public String key() {
            return Authority.pem("PRIVATE KEY", keys.getPrivate().getEncoded());
        }
    }

    /// What is asked of a certificate.
    public record Wish(
            String subject,
            KeyPair keys,
            String signature,
            Instant from,
            Instant until,
            Optional<String> purpose,
            List<String> names) {
        public Wish until(Instant end) {
            return new Wish(subject, keys, signature, from, end, purpose, names);
        }

        public Wish from(Instant start) {
            return new Wish(subject, keys, signature, start, until, purpose, names);
        }

        public Wish signedWith(String algorithm) {
            return new Wish(subject, keys, algorithm, from, until, purpose, names);
        }

        public Wish purpose(String oid) {
            return new Wish(subject, keys, signature, from, until, Optional.of(oid), names);
        }
    }

    public static Authority root(String name) throws GeneralSecurityException {
        var keys = ec("secp256r1");
        var wish = wish(name, keys);
        return new Authority(name, keys, sign(wish, name, keys, true));
    }

    /// Another one, vouched for by this one.
    public Authority below(String other) throws GeneralSecurityException {
        var theirs = ec("secp256r1");
        return new Authority(other, theirs, sign(wish(other, theirs), name, keys, true));
    }

    public String pem() {
        return pem(own);
    }

    public static KeyPair ec(String curve) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    public static KeyPair rsa(int bits) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    /// For a day, if nothing else is said.
    public static Wish wish(String subject, KeyPair keys, String... names) {
        var now = Instant.now();
        return new Wish(
                subject,
                keys,
                "SHA256withECDSA",
                now.minusSeconds(3600),
                now.plusSeconds(86_400),
                Optional.empty(),
                List.of(names));
    }

    public Issued issue(Wish wish) throws GeneralSecurityException {
        return new Issued(sign(wish, name, keys, false), wish.keys());
    }

    /// For a hundred days, with a new EC key.
    public Issued issue(String... names) throws GeneralSecurityException {
        return issue(wish(names[0], ec("secp256r1"), names).until(Instant.now().plusSeconds(100 * 86_400L)));
    }

    public static Issued selfSigned(Wish wish) throws GeneralSecurityException {
        return new Issued(sign(wish, wish.subject(), wish.keys(), false), wish.keys());
    }

    /// One that says that a holder of a DSA key signed it.
    public static Issued signedByNobody(Wish wish, String issuer) throws GeneralSecurityException {
        var signature = value(0x30, value(0x02, new byte[] {1}), value(0x02, new byte[] {1}));
        return new Issued(
                certificate(content(wish, issuer, "SHA256withDSA", false), "SHA256withDSA", signature), wish.keys());
    }

    private static X509Certificate sign(Wish wish, String issuer, KeyPair by, boolean isAuthority)
            throws GeneralSecurityException {
        var algorithm = by.getPrivate().getAlgorithm().equals("RSA")
                ? wish.signature().replace("ECDSA", "RSA")
                : wish.signature();
        var content = content(wish, issuer, algorithm, isAuthority);
        var signing = Signature.getInstance(algorithm);
        signing.initSign(by.getPrivate());
        signing.update(content);
        return certificate(content, algorithm, signing.sign());
    }

    private static byte[] content(Wish wish, String issuer, String algorithm, boolean isAuthority) {
        return value(
                0x30,
                value(0xA0, value(0x02, new byte[] {2})),
                value(0x02, BigInteger.valueOf(SERIALS.incrementAndGet()).toByteArray()),
                algorithm(algorithm),
                name(issuer),
                value(0x30, time(wish.from()), time(wish.until())),
                name(wish.subject()),
                key(wish.keys().getPublic()),
                value(0xA3, value(0x30, extensions(wish, isAuthority))));
    }

    private static X509Certificate certificate(byte[] content, String algorithm, byte[] signature)
            throws GeneralSecurityException {
        var whole = value(0x30, content, algorithm(algorithm), value(0x03, new byte[1], signature));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }

    private static byte[] key(PublicKey key) {
        return key.getEncoded();
    }

    private static byte[] extensions(Wish wish, boolean isAuthority) {
        var all = new ByteArrayOutputStream();
        if (isAuthority) all.writeBytes(extension(CONSTRAINTS, value(0x30, value(0x01, new byte[] {(byte) 0xFF}))));
        if (!wish.names().isEmpty()) {
            var names = wish.names().stream().map(Authority::alternative).toArray(byte[][]::new);
            all.writeBytes(extension(ALTERNATIVE_NAMES, value(0x30, names)));
        }
        wish.purpose().ifPresent(oid -> all.writeBytes(extension(PURPOSES, value(0x30, value(0x06, hex(oid))))));
        return all.toByteArray();
    }

    private static byte[] alternative(String name) {
        if (!name.matches("[0-9.]+")) return value(0x82, name.getBytes(StandardCharsets.US_ASCII));
        var bytes = new ByteArrayOutputStream();
        for (var part : name.split("\\.", -1)) bytes.write(Integer.parseInt(part));
        return value(0x87, bytes.toByteArray());
    }

    private static byte[] extension(String oid, byte[] content) {
        return value(0x30, value(0x06, hex(oid)), value(0x04, content));
    }

    private static byte[] algorithm(String name) {
        return switch (name) {
            case "SHA256withECDSA" -> value(0x30, value(0x06, hex("2A8648CE3D040302")));
            case "SHA1withECDSA" -> value(0x30, value(0x06, hex("2A8648CE3D0401")));
            case "SHA256withDSA" -> value(0x30, value(0x06, hex("608648016503040302")));
            case "SHA256withRSA" -> value(0x30, value(0x06, hex("2A864886F70D01010B")), value(0x05));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static byte[] name(String common) {
        var text = value(0x0C, common.getBytes(StandardCharsets.UTF_8));
        return value(0x30, value(0x31, value(0x30, value(0x06, hex(COMMON_NAME)), text)));
    }

    private static byte[] time(Instant at) {
        return value(0x18, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    public static byte[] value(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        Stream.of(parts).forEach(content::writeBytes);
        int length = content.size();
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static byte[] hex(String text) {
        return java.util.HexFormat.of().parseHex(text);
    }

    private static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String pem(String label, byte[] bytes) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes));
    }
}
