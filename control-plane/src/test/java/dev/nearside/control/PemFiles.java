package dev.nearside.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/// Certificates signed by themselves, in PEM files, made by the JDK's own tool.
///
/// @param store the same in PKCS #12, with {@link #PASSWORD}
record PemFiles(Path certificate, Path key, Path store) {
    static final char[] PASSWORD = "changeit".toCharArray();

    /// Writes `NAME.crt`, `NAME.key` and `NAME.p12`, over earlier ones, each as a whole.
    ///
    /// @param host as `ip:127.0.0.1` or `dns:control.test`
    static PemFiles write(Path folder, String name, String host) throws IOException {
        var made = Files.createTempDirectory(folder, "made").resolve("store.p12");
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=" + host,
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        made.toString())
                .redirectErrorStream(true)
                .start();
        try {
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) throw new IOException(said);
            var store = KeyStore.getInstance(made.toFile(), PASSWORD);
            var files = new PemFiles(
                    folder.resolve(name + ".crt"), folder.resolve(name + ".key"), folder.resolve(name + ".p12"));
            replace(
                    files.certificate(),
                    "CERTIFICATE",
                    store.getCertificate("a").getEncoded());
            replace(files.key(), "PRIVATE KEY", store.getKey("a", PASSWORD).getEncoded());
            Files.move(made, files.store(), StandardCopyOption.REPLACE_EXISTING);
            return files;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void replace(Path file, String what, byte[] bytes) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(
                fresh,
                "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                        .formatted(
                                what,
                                Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
