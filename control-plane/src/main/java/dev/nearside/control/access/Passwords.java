package dev.nearside.control.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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

    /// A login costs a third of a second of one core: a burst of them must not take them all. Nor may it run on a
    /// virtual thread, which lets go of its core only when it waits: everybody else's calls would wait for it.
    private final ExecutorService workers;

    public Passwords(SecureRandom random) {
        this(random, ITERATIONS);
    }

    /// Passwords of another slowness.
    ///
    /// @param iterations how slow new hashes are; only tests have reason to be quicker
    public Passwords(SecureRandom random, int iterations) {
        this.random = random;
        this.iterations = iterations;
        this.workers = workers();
        this.nobodys = "%d$%s$%s".formatted(iterations, encode(new byte[SALT_BYTES]), encode(new byte[HASH_BITS / 8]));
    }

    private static ExecutorService workers() {
        int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        var workers = new ThreadPoolExecutor(
                half,
                half,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("passwords").daemon().factory());
        workers.allowCoreThreadTimeOut(true);
        return workers;
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

    /// The same where many may ask for it.
    String hashInTurn(String password) throws InterruptedException {
        return inTurn(() -> hash(password));
    }

    public boolean matches(String password, String hash) throws InterruptedException {
        var parts = hash.split("\\$", 3);
        return inTurn(() -> {
            var derived = derive(password, decode(parts[1]), Integer.parseInt(parts[0]));
            return MessageDigest.isEqual(derived, decode(parts[2]));
        });
    }

    private <T> T inTurn(Callable<T> work) throws InterruptedException {
        try {
            return workers.submit(work).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a password could not be hashed", e.getCause());
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
