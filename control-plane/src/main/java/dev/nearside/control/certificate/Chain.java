package dev.nearside.control.certificate;

import dev.nearside.model.distribution.CertificateNames;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A certificate and those that it was signed with, in order; what viewers are shown.
public record Chain(List<X509Certificate> certificates) {
    /// From how long before the end on operators are warned.
    public static final Duration SOON = Duration.ofDays(21);

    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    public Chain {
        certificates = List.copyOf(certificates);
        if (certificates.isEmpty()) throw new IllegalArgumentException("an empty chain (expected: a certificate)");
    }

    public X509Certificate leaf() {
        return certificates.getFirst();
    }

    /// Whom the certificate was made for; the subject's common name does not count (RFC 9525, section 2).
    public CertificateNames names() {
        try {
            var listed = leaf().getSubjectAlternativeNames();
            var names = new ArrayList<String>();
            if (listed != null) {
                for (var name : listed) {
                    boolean isHost = name.get(0) instanceof Integer kind && (kind == DNS || kind == ADDRESS);
                    if (isHost && name.get(1) instanceof String text) names.add(text);
                }
            }
            return new CertificateNames(names);
        } catch (CertificateParsingException _) {
            return new CertificateNames(List.of());
        }
    }

    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    public Instant notBefore() {
        return leaf().getNotBefore().toInstant();
    }

    /// Whole days; below zero once it has ended.
    public long daysLeft(Instant now) {
        return Math.floorDiv(
                Duration.between(now, notAfter()).toSeconds(),
                Duration.ofDays(1).toSeconds());
    }

    public boolean expiresSoon(Instant now) {
        return now.plus(SOON).isAfter(notAfter());
    }

    /// As `RSA 2048` or `EC P-256`.
    String key() {
        return key(leaf().getPublicKey());
    }

    static String key(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> "RSA " + rsa.getModulus().bitLength();
            case ECPublicKey ec -> "EC P-" + ec.getParams().getOrder().bitLength();
            default -> key.getAlgorithm();
        };
    }

    String fingerprint() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(leaf().getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read has a digest", e);
        }
    }

    boolean isSelfSigned() {
        return leaf().getSubjectX500Principal().equals(leaf().getIssuerX500Principal());
    }

    /// When it ends, if an operator should do something about that.
    Optional<String> expiry(Instant now) {
        if (!expiresSoon(now)) return Optional.empty();
        long days = daysLeft(now);
        if (days < 0) return Optional.of("ended on " + notAfter() + ": viewers refuse it");
        return Optional.of("ends %s, on %s"
                .formatted(days == 0 ? "today" : days == 1 ? "in 1 day" : "in " + days + " days", notAfter()));
    }

    List<String> warnings(Instant now) {
        var warnings = new ArrayList<String>();
        expiry(now).ifPresent(warnings::add);
        if (now.isBefore(notBefore())) {
            warnings.add("not valid before %s: until then viewers refuse it".formatted(notBefore()));
        }
        if (isSelfSigned()) {
            warnings.add("signed by itself: only viewers who were told to trust it do");
        } else if (certificates.size() == 1) {
            warnings.add("nothing behind it: viewers who do not know %s themselves refuse it"
                    .formatted(leaf().getIssuerX500Principal().getName()));
        }
        return warnings;
    }

    String pem() {
        return certificates.stream().map(Chain::pem).collect(Collectors.joining());
    }

    private static String pem(X509Certificate certificate) {
        try {
            return Pem.write("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }
}
