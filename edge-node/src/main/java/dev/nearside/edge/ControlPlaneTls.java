package dev.nearside.edge;

import dev.nearside.edge.file.Unreadable;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whom an edge believes to be its control plane, and what it shows of itself; the host's name is always checked.
final class ControlPlaneTls {

    private ControlPlaneTls() {}

    /// @throws IOException with a message for the operator, if a file cannot be read
    static HttpClientOptions options(EdgeSettings.Credentials credentials) throws IOException {
        var options = new HttpClientOptions().setVerifyHost(true);
        if (credentials.authorities().isPresent()) {
            var file = credentials.authorities().get();
            checkReadable("--control-plane-ca", file);
            options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString()));
        }
        if (credentials.own().isPresent()) {
            var own = credentials.own().get();
            checkReadable("--client-certificate", own.certificate());
            checkReadable("--client-key", own.key());
            options.setKeyCertOptions(new PemKeyCertOptions()
                    .addCertPath(own.certificate().toString())
                    .addKeyPath(own.key().toString()));
        }
        return options;
    }

    private static void checkReadable(String option, Path file) throws IOException {
        try {
            if (Files.readString(file).contains("-----BEGIN ")) return;
        } catch (IOException e) {
            throw new IOException("%s: %s %s (expected: a PEM file)".formatted(option, file, Unreadable.why(e)), e);
        }
        throw new IOException("%s: %s holds no PEM (expected: -----BEGIN …)".formatted(option, file));
    }
}
