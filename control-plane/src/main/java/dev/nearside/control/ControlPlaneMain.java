package dev.nearside.control;

import dev.nearside.command.CommandLines;
import dev.nearside.control.http.ApiServer;
import dev.nearside.control.http.TlsFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Starts a control plane and keeps it running until it is told to stop.
@Command(
        name = "nearside control-plane",
        description = "Runs the control plane: configuration, snapshots, invalidations and the fleet of edges.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nWhat is done to its database by hand (--help behind each says more):%n",
        footer = {
            "  nearside control-plane restore --data=DIR FILE   puts a backup in its place",
            "  nearside control-plane new-epoch --data=DIR      tells edges that it was restored by other means"
        })
public final class ControlPlaneMain implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneMain.class);

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = Address.class,
            defaultValue = "127.0.0.1:8070",
            description = "Where the API listens (default: ${DEFAULT-VALUE}).")
    private InetSocketAddress listen = new InetSocketAddress(0);

    @Mixin
    private LimitOptions limits = new LimitOptions();

    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            description = {
                "PEM certificate of the API, with those it was signed with; needs --tls-key.",
                "Both files are read again when they change."
            })
    private @Nullable Path tlsCertificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM key of --tls-certificate, in PKCS #8.")
    private @Nullable Path tlsKey;

    @Option(
            names = "--tls-client-ca",
            paramLabel = "FILE",
            description =
                    "PEM certificates of authorities; edges then have to show a certificate that one of them signed.")
    private @Nullable Path tlsClientAuthorities;

    @Option(
            names = "--allow-plain-http",
            description = {
                "Listens on more than this machine without TLS:",
                "passwords, tokens and all configuration can then be read, and changed, on the way."
            })
    private boolean allowPlainHttp;

    @Option(
            names = "--secrets-key",
            paramLabel = "FILE",
            description = {
                "The key that certificates' private keys are sealed under; made if it is missing and nothing was sealed.",
                "Several control planes share one. Keep a copy (default: secrets.key below --data)."
            })
    private @Nullable Path secretsKey;

    private Setup setup() throws ControlPlane.NotStarted {
        var plain = Setup.in(database.data(), listen)
                .with(database.settings(System.getenv()))
                .with(limits.orders());
        var setup = secretsKey == null ? plain : plain.sealedUnder(secretsKey);
        return tls().map(setup::with).orElse(setup);
    }

    /// What the API proves itself with; plain HTTP is for this machine alone, unless somebody says otherwise.
    private Optional<TlsFiles> tls() throws ControlPlane.NotStarted {
        var certificate = tlsCertificate;
        var key = tlsKey;
        if (certificate != null && key != null) {
            return Optional.of(new TlsFiles(certificate, key, Optional.ofNullable(tlsClientAuthorities)));
        }
        if (certificate != null || key != null || tlsClientAuthorities != null) {
            throw new ControlPlane.NotStarted("--tls-certificate and --tls-key are needed together");
        }
        if (!allowPlainHttp && !listen.getAddress().isLoopbackAddress()) {
            throw new ControlPlane.NotStarted(("--listen: %s can be reached from other machines, and without TLS"
                            + " (expected: --tls-certificate and --tls-key, or 127.0.0.1; or --allow-plain-http,"
                            + " behind a proxy that speaks TLS)")
                    .formatted(listen.getAddress().getHostAddress()));
        }
        if (!listen.getAddress().isLoopbackAddress()) {
            LOG.warn("the API is served over plain HTTP on {}: --allow-plain-http", listen);
        }
        return Optional.empty();
    }

    /// Reads `HOST:PORT`.
    static final class Address implements ITypeConverter<InetSocketAddress> {
        @Override
        public InetSocketAddress convert(String value) {
            return ApiServer.parse(value)
                    .orElseThrow(() -> new TypeConversionException(
                            "%s (expected: HOST:PORT, like 127.0.0.1:8070)".formatted(value)));
        }
    }

    /// Held here, since the platform's loggers are kept weakly.
    private static final java.util.logging.Logger WEB_SERVER = java.util.logging.Logger.getLogger("io.helidon");

    public static void main(String[] arguments) {
        // The web server logs past SLF4J; its start-up lines say nothing that ours do not.
        WEB_SERVER.setLevel(Level.WARNING);
        var status = CommandLines.of(new ControlPlaneMain()).execute(arguments);
        // The shutdown hook runs either way; it is what stops an orderly control plane.
        System.exit(status);
    }

    @Override
    public Integer call() throws InterruptedException {
        ControlPlane controlPlane;
        try {
            controlPlane = ControlPlane.start(setup());
        } catch (ControlPlane.NotStarted e) {
            LOG.error(e.getMessage());
            return 1;
        }
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            LOG.info("stopping");
            controlPlane.close();
            LOG.info("stopped");
            stopped.countDown();
        }));
        LOG.info("ready: {}", controlPlane.uri());
        stopped.await();
        return 0;
    }
}
