package dev.nearside.control.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is sealed opens under its key and as what it was sealed as, and in no other way.
class SealsTest {
    private static final byte[] SECRET = "the secret".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private Seals open(String name, boolean mayMake) {
        return Seals.open(folder.resolve(name), mayMake, new SecureRandom());
    }

    @Test
    void opensAsWhatItWasSealedAs() {
        var seals = open("key", true);
        var sealed = seals.seal(SECRET, "certificate a version 1");

        assertThat(seals.unseal(sealed, "certificate a version 1")).contains(SECRET);
        assertThat(seals.unseal(sealed, "certificate a version 2")).isEmpty();
        assertThat(seals.unseal(sealed, "certificate b version 1")).isEmpty();
        assertThat(open("key", false).unseal(sealed, "certificate a version 1")).contains(SECRET);
        assertThat(seals.seal(SECRET, "x").text())
                .isNotEqualTo(seals.seal(SECRET, "x").text());
    }

    @Test
    void noBitOfItMayChange() {
        var seals = open("key", true);
        var sealed = seals.seal(SECRET, "x");
        var bytes = Base64.getDecoder().decode(sealed.text());
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= 1;
            var changed = new Sealed(sealed.keyId(), Base64.getEncoder().encodeToString(bytes));
            assertThat(seals.unseal(changed, "x")).as("byte %d", i).isEmpty();
            bytes[i] ^= 1;
        }
        assertThat(seals.unseal(new Sealed(sealed.keyId(), "AAAA"), "x")).isEmpty();
        assertThat(seals.unseal(new Sealed(sealed.keyId(), "?"), "x")).isEmpty();
    }

    @Test
    void anotherKeyDoesNotOpenIt() {
        var sealed = open("one", true).seal(SECRET, "x");
        var other = open("two", true);

        assertThat(other.unseal(sealed, "x")).isEmpty();
        assertThat(other.whyClosed(sealed).orElseThrow())
                .startsWith("--secrets-key: the file has no key " + sealed.keyId());
    }

    @Test
    void aKeyIsMadeForItsOwnerAloneAndOnlyWhereNothingIsLost() throws IOException {
        assertThat(open("gone", false).problem().orElseThrow()).contains("gone is missing");
        assertThat(Files.exists(folder.resolve("gone"))).isFalse();

        assertThat(open("made", true).problem()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("made"))))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # what is in the file             | what is said of it
        ''                                | is empty (expected: a key)
        # a comment alone                 | is empty (expected: a key)
        hello                             | is damaged
        nearside-secrets-key-1:?          | is damaged
        nearside-secrets-key-1:AAAA       | is damaged
        """)
    void aFileThatIsNoneIsRefused(String content, String said) throws IOException {
        Files.writeString(folder.resolve("key"), content);

        assertThat(open("key", true).problem().orElseThrow())
                .startsWith("--secrets-key: " + folder.resolve("key"))
                .contains(said);
    }
}
