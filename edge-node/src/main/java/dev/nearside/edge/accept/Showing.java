package dev.nearside.edge.accept;

import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Which certificate a viewer is shown for the name it asks for (SNI): that of the distribution which has the
/// name as an alias, an exact alias before a wildcard, the longest wildcard first; else what lies in files;
/// else none, and the handshake fails.
final class Showing implements KeyCertOptions {

    private final Map<String, KeyManagerFactory> byAlias;
    private final Optional<KeyCertOptions> files;

    /// @param byAlias the certificates of distributions; a wildcard begins with `*.`
    /// @param files what else there is, the first for whoever names nothing
    Showing(Map<String, KeyManagerFactory> byAlias, Optional<KeyCertOptions> files) {
        this.byAlias = Map.copyOf(byAlias);
        this.files = files;
    }

    /// What a distribution's certificate is; empty if the name is no alias of one that has any.
    Optional<KeyManagerFactory> find(String name) {
        var asked = name.toLowerCase(Locale.ROOT);
        var exact = byAlias.get(asked);
        if (exact != null) return Optional.of(exact);
        for (int dot = asked.indexOf('.'); dot >= 0; dot = asked.indexOf('.', dot + 1)) {
            var wildcard = byAlias.get("*" + asked.substring(dot));
            if (wildcard != null) return Optional.of(wildcard);
        }
        return Optional.empty();
    }

    @Override
    public KeyCertOptions copy() {
        return this;
    }

    @Override
    public KeyManagerFactory getKeyManagerFactory(Vertx vertx) throws Exception {
        return files.orElseGet(() -> KeyCertOptions.wrap(new NoKeys())).getKeyManagerFactory(vertx);
    }

    @Override
    @SuppressWarnings("NullAway") // null is how Vert.x is told "none of its own", which its types do not say
    public Function<String, KeyManagerFactory> keyManagerFactoryMapper(Vertx vertx) throws Exception {
        Function<String, KeyManagerFactory> inFiles =
                files.isEmpty() ? _ -> null : files.get().keyManagerFactoryMapper(vertx);
        return name -> find(name).orElseGet(() -> inFiles.apply(name));
    }

    /// Has nothing to show.
    private static final class NoKeys extends X509ExtendedKeyManager {
        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return null;
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return null;
        }
    }
}
