package dev.nearside.edge;

import dev.nearside.edge.accept.Certificates.Pair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/// Certificates signed by themselves, in PEM files, made by the JDK's own tool.
final class PemFiles {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private PemFiles() {}

    /// Writes `NAME.crt` and `NAME.key`, over earlier ones.
    static Pair write(Path folder, String name, int days, String... hosts) throws IOException {
        var made = Files.createTempDirectory(folder, "made").resolve("store.p12");
        var names = Arrays.stream(hosts).map(host -> "dns:" + host).collect(Collectors.joining(","));
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + hosts[0],
                        "-ext",
                        "san=" + names,
                        "-validity",
                        String.valueOf(days),
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
            var pair = new Pair(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
            Files.writeString(
                    pair.certificate(),
                    pem("CERTIFICATE", store.getCertificate("a").getEncoded()));
            Files.writeString(
                    pair.key(), pem("PRIVATE KEY", store.getKey("a", PASSWORD).getEncoded()));
            return pair;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes));
    }
}
