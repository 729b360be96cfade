package dev.nearside.control.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/// Makes bearer secrets of 256 random bits, and the hashes that are kept of them.
///
/// The secrets are random, so a plain hash is enough: there is nothing to guess, and looking one up is fast.
public final class Secrets {
    private final SecureRandom random;

    public Secrets(SecureRandom random) {
        this.random = random;
    }

    /// What a secret opens; its prefix lets people and scanners recognise one.
    public enum Kind {
        SESSION("nss_"),
        TOKEN("nst_"),
        ENROLMENT("nsn_"),
        EDGE("nse_");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        public boolean made(String secret) {
            return secret.startsWith(prefix);
        }
    }

    public String make(Kind kind) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return kind.prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// What the database keeps instead of the secret.
    public static String hash(String secret) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
