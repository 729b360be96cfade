package dev.nearside.edge.accept;

import dev.nearside.model.wire.feed.CertificatesMessage.Item;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;

/// A certificate that the control plane has given, ready to be shown.
///
/// @param item as it came
record Delivered(Item item, KeyManagerFactory keys, Instant notAfter) {

    /// @throws UnusableException if viewers could not be shown it
    static Delivered of(Vertx vertx, Item item) throws UnusableException {
        var options = new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(item.chain()))
                .addKeyValue(Buffer.buffer(item.privateKey()));
        try {
            var leaf = leaf(vertx, options);
            return new Delivered(
                    item,
                    options.getKeyManagerFactory(vertx),
                    leaf.getNotAfter().toInstant());
        } catch (UnusableException e) {
            throw e;
        } catch (Exception e) {
            // What libraries say of keys that they cannot read is not repeated: it may quote them.
            throw new UnusableException("the certificate or its key cannot be read");
        }
    }

    private static X509Certificate leaf(Vertx vertx, PemKeyCertOptions options) throws Exception {
        var leaf = Certificates.leaf(vertx, options);
        if (leaf.isEmpty()) throw new UnusableException("the key is not the certificate's");
        return leaf.get();
    }

    /// Why a certificate cannot be shown.
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1;

        private final String why;

        UnusableException(String why) {
            super(why);
            this.why = why;
        }

        String why() {
            return why;
        }
    }
}
