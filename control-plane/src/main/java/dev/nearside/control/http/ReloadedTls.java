package dev.nearside.control.http;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// TLS out of PEM files that may be replaced while the server runs: new connections see the new certificate, and a
/// replacement that cannot be used changes nothing.
final class ReloadedTls {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadedTls.class);

    private final TlsFiles files;
    private final Current current;
    private List<FileTime> seen;

    ReloadedTls(TlsFiles files) throws TlsFiles.Unusable {
        this.files = files;
        this.seen = times();
        this.current = new Current(files.keyManager());
    }

    private List<FileTime> times() throws TlsFiles.Unusable {
        try {
            return files.times();
        } catch (IOException e) {
            throw new TlsFiles.Unusable("--tls-certificate, --tls-key: %s cannot be read".formatted(e.getMessage()), e);
        }
    }

    boolean asksForCertificates() {
        return files.clientAuthorities().isPresent();
    }

    SSLContext context() throws TlsFiles.Unusable {
        var trust = files.trustManager();
        try {
            var context = SSLContext.getInstance("TLS");
            var managers = trust.isEmpty() ? new TrustManager[0] : new TrustManager[] {trust.get()};
            context.init(new KeyManager[] {current}, managers, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new TlsFiles.Unusable("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    /// Takes the files again if they have changed.
    void lookAgain() {
        try {
            var now = files.times();
            if (now.equals(seen)) return;
            seen = now;
            current.delegate = files.keyManager();
            LOG.info("{} has changed: new connections see the new certificate", files.certificate());
        } catch (TlsFiles.Unusable e) {
            LOG.error("{}; the certificate stays as it was", e.getMessage());
        } catch (IOException _) {
            // Being replaced just now.
        }
    }

    /// The key manager of the moment.
    private static final class Current extends X509ExtendedKeyManager {
        private volatile X509ExtendedKeyManager delegate;

        Current(X509ExtendedKeyManager delegate) {
            this.delegate = delegate;
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return delegate.getClientAliases(keyType, issuers);
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return delegate.chooseClientAlias(keyType, issuers, socket);
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return delegate.getServerAliases(keyType, issuers);
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return delegate.chooseServerAlias(keyType, issuers, socket);
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return delegate.chooseEngineServerAlias(keyType, issuers, engine);
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return delegate.getCertificateChain(alias);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return delegate.getPrivateKey(alias);
        }
    }
}
