package dev.nearside.control;

import dev.nearside.command.CommandLines;
import dev.nearside.control.http.ApiServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Starts a control plane and keeps it running until it is told to stop.
@Command(
        name = "nearside control-plane",
        description = "Runs the control plane: configuration, snapshots, invalidations and the fleet of edges.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ControlPlaneMain implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneMain.class);

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Where the database lives; made if it is missing.")
    private Path data = Path.of("");

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = Address.class,
            defaultValue = "127.0.0.1:8070",
            description = "Where the API listens (default: ${DEFAULT-VALUE}).")
    private InetSocketAddress listen = new InetSocketAddress(0);

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
            controlPlane = ControlPlane.start(data, listen);
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
