package dev.nearside.control.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Hashes passwords slowly (PBKDF2 with HMAC-SHA-256), and compares without telling by its time how far it got.
public final class Passwords {
    /// What OWASP asks of this function.
    static final int ITERATIONS = 600_000;

    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 256;

    private final SecureRandom random;
    private final int iterations;
    private final String nobodys;

    /// A login costs a third of a second of one core: a burst of them must not take them all.
    private final Semaphore atOnce = new Semaphore(2);

    public Passwords(SecureRandom random) {
        this(random, ITERATIONS);
    }

    /// Passwords of another slowness.
    ///
    /// @param iterations how slow new hashes are; only tests have reason to be quicker
    public Passwords(SecureRandom random, int iterations) {
        this.random = random;
        this.iterations = iterations;
        this.nobodys = "%d$%s$%s".formatted(iterations, encode(new byte[SALT_BYTES]), encode(new byte[HASH_BITS / 8]));
    }

    /// A password that nobody chose: long enough never to be guessed.
    public String invent() {
        var bytes = new byte[18];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public String hash(String password) {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return "%d$%s$%s".formatted(iterations, encode(salt), encode(derive(password, salt, iterations)));
    }

    public boolean matches(String password, String hash) throws InterruptedException {
        var parts = hash.split("\\$", 3);
        atOnce.acquire();
        try {
            var derived = derive(password, decode(parts[1]), Integer.parseInt(parts[0]));
            return MessageDigest.isEqual(derived, decode(parts[2]));
        } finally {
            atOnce.release();
        }
    }

    /// Takes as long as a real comparison, so that an unknown name cannot be told from a wrong password.
    public void matchNobody(String password) throws InterruptedException {
        if (matches(password, nobodys)) throw new IllegalStateException("nobody has no password");
    }

    private static byte[] derive(String password, byte[] salt, int iterations) {
        var key = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(key)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2 with HMAC-SHA-256", e);
        } finally {
            key.clearPassword();
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] decode(String text) {
        return Base64.getDecoder().decode(text);
    }
}
