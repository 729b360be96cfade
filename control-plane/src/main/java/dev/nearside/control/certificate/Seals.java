package dev.nearside.control.certificate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Seals secrets before they are stored, with AES-256-GCM, under keys in a file that never meets the database.
///
/// The file has one key a line. The first seals; all of them open, so that a new one can be put above the old.
/// A sealed secret opens only as the very thing it was sealed as: another row's cannot be put in its place.
public final class Seals {
    private static final Logger LOG = LoggerFactory.getLogger(Seals.class);
    private static final String MARK = "nearside-secrets-key-1:";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final List<Key> keys;
    private final Optional<String> problem;
    private final SecureRandom random;

    private record Key(String id, SecretKeySpec secret) {
        /// Never shows the secret, wherever it is printed.
        @Override
        public String toString() {
            return "Key[" + id + "]";
        }
    }

    private Seals(List<Key> keys, Optional<String> problem, SecureRandom random) {
        this.keys = List.copyOf(keys);
        this.problem = problem;
        this.random = random;
    }

    /// Reads the file; makes it if it is missing and may be.
    ///
    /// @param mayMake nothing was sealed yet, and nobody else has a key: a new one loses nothing
    public static Seals open(Path file, boolean mayMake, SecureRandom random) {
        try {
            if (!Files.exists(file)) {
                if (!mayMake) {
                    return unusable(
                            "%s is missing (expected: the file that was there before, or a copy of the one of the first"
                                    + " control plane on this database)",
                            file, random);
                }
                make(file, random);
            }
            if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
                LOG.warn("--secrets-key: {} can be read by others (expected: chmod 600)", file);
            }
            var keys = new ArrayList<Key>();
            for (var line : Files.readAllLines(file)) {
                if (line.isBlank() || line.startsWith("#")) continue;
                var key = key(line.strip());
                if (key.isEmpty())
                    return unusable("%s is damaged (expected: lines that begin with " + MARK + ")", file, random);
                keys.add(key.get());
            }
            if (keys.isEmpty()) return unusable("%s is empty (expected: a key)", file, random);
            return new Seals(keys, Optional.empty(), random);
        } catch (IOException | UnsupportedOperationException e) {
            return unusable(
                    "%s cannot be read: " + e.getClass().getSimpleName() + " (expected: a file of keys)", file, random);
        }
    }

    private static Seals unusable(String why, Path file, SecureRandom random) {
        return new Seals(List.of(), Optional.of("--secrets-key: " + why.formatted(file)), random);
    }

    private static void make(Path file, SecureRandom random) throws IOException {
        var key = new byte[KEY_BYTES];
        random.nextBytes(key);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Files.writeString(file, MARK + Base64.getEncoder().encodeToString(key) + "\n");
        LOG.info(
                "first start: the key that certificates' keys are sealed under is in {}; keep a copy of it",
                file.toAbsolutePath());
    }

    private static Optional<Key> key(String line) {
        if (!line.startsWith(MARK)) return Optional.empty();
        try {
            var bytes = Base64.getDecoder().decode(line.substring(MARK.length()));
            return bytes.length == KEY_BYTES
                    ? Optional.of(new Key(id(bytes), new SecretKeySpec(bytes, "AES")))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static String id(byte[] key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update("nearside secrets key".getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(key), 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Why nothing can be sealed, in words that name the option; empty if it can.
    public Optional<String> problem() {
        return problem;
    }

    /// Whether a secret lies under the key that new ones are sealed under.
    boolean isCurrent(Sealed sealed) {
        return !keys.isEmpty() && keys.getFirst().id().equals(sealed.keyId());
    }

    /// Why a secret cannot be opened, as far as its key tells; empty if that is there.
    Optional<String> whyClosed(Sealed sealed) {
        if (problem.isPresent()) return problem;
        return keys.stream().anyMatch(key -> key.id().equals(sealed.keyId()))
                ? Optional.empty()
                : Optional.of("--secrets-key: the file has no key %s (expected: the key that it was sealed under)"
                        .formatted(sealed.keyId()));
    }

    /// @param as what the secret is; it opens only as the same
    Sealed seal(byte[] secret, String as) {
        var key = keys.getFirst();
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, as);
            var closed = cipher.doFinal(secret);
            var all =
                    ByteBuffer.allocate(nonce.length + closed.length).put(nonce).put(closed);
            return new Sealed(key.id(), Base64.getEncoder().encodeToString(all.array()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /// Empty if its key is not there, or if it is not what it is said to be.
    Optional<byte[]> unseal(Sealed sealed, String as) {
        var key = keys.stream().filter(each -> each.id().equals(sealed.keyId())).findFirst();
        if (key.isEmpty()) return Optional.empty();
        try {
            var all = Base64.getDecoder().decode(sealed.text());
            var cipher = cipher(Cipher.DECRYPT_MODE, key.get(), Arrays.copyOf(all, NONCE_BYTES), as);
            return Optional.of(cipher.doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES));
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, Key key, byte[] nonce, String as) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(as.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
