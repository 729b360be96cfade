package dev.nearside.admin;

import dev.nearside.admin.control.Authorities;
import dev.nearside.admin.control.HttpEntrance;
import dev.nearside.command.CommandLines;
import dev.nearside.command.ControlPlaneAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Starts the console: pages for browsers in front, the control plane's management API behind.
@Command(
        name = "nearside console",
        mixinStandardHelpOptions = true,
        description = "Serves the operators' console. It keeps nothing: every page asks the control plane.")
public final class ConsoleMain implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleMain.class);

    @Option(
            names = "--control-plane",
            required = true,
            paramLabel = "URL",
            converter = HttpUrl.class,
            description = "Where the control plane answers, as http://127.0.0.1:8070")
    private URI controlPlane = URI.create("http://127.0.0.1:8070");

    @Option(
            names = "--control-plane-ca",
            paramLabel = "FILE",
            description = "PEM certificates that vouch for the control plane (default: what the Java runtime knows)")
    private @Nullable Path authorities;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = HostAndPort.class,
            defaultValue = "127.0.0.1:8090",
            description = "Where browsers reach the console (default: ${DEFAULT-VALUE})")
    private Listen listen = new Listen("127.0.0.1", 8090);

    @Option(
            names = "--allow-plain-http",
            description = {
                "Listens on more than this machine, or calls a control plane on another one, without TLS:",
                "passwords and sessions can then be read on the way."
            })
    private boolean allowPlainHttp;

    ConsoleMain() {}

    public static void main(String[] arguments) {
        var commandLine = CommandLines.of(new ConsoleMain()).setExecutionExceptionHandler((failure, _, _) -> {
            LOG.error("the console does not start: {}", reason(failure));
            return 1;
        });
        var exitCode = commandLine.execute(arguments);
        if (exitCode != 0 || commandLine.isUsageHelpRequested() || commandLine.isVersionHelpRequested()) {
            System.exit(exitCode);
        }
    }

    /// Why it cannot be started as it was told; empty if it can.
    Optional<String> problem() {
        if (allowPlainHttp) return Optional.empty();
        if (!ControlPlaneAddress.isOnThisMachine(listen.host())) {
            return Optional.of(("--listen: %s can be reached from other machines, and without TLS (expected: 127.0.0.1,"
                            + " behind a proxy that speaks TLS; or --allow-plain-http)")
                    .formatted(listen.host()));
        }
        return ControlPlaneAddress.problem(controlPlane, false).map(problem -> "--control-plane: " + problem);
    }

    @Override
    public Integer call() throws Exception {
        var problem = problem();
        if (problem.isPresent()) throw new IOException(problem.get());
        var builder = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(3))
                .followRedirects(HttpClient.Redirect.NEVER);
        if (authorities != null) builder.sslContext(Authorities.of(authorities));
        var http = builder.build();
        var server = new ConsoleServer(
                listen.host(),
                listen.port(),
                new Services(new HttpEntrance(http, controlPlane), InstantSource.system()));
        var port = server.start();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(server::stop));
        LOG.info("console ready at http://{}:{}/ for the control plane {}", listen.host(), port, controlPlane);
        return 0;
    }

    private static String reason(Throwable failure) {
        var message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    /// Where to listen.
    record Listen(String host, int port) {}

    static final class HostAndPort implements ITypeConverter<Listen> {
        @Override
        public Listen convert(String value) {
            var colon = value.lastIndexOf(':');
            if (colon > 0) {
                try {
                    var port = Integer.parseInt(value.substring(colon + 1));
                    if (port >= 0 && port <= 65535) return new Listen(value.substring(0, colon), port);
                } catch (NumberFormatException _) {
                    // falls through to the message below
                }
            }
            throw new TypeConversionException("%s (expected: HOST:PORT, as 127.0.0.1:8090)".formatted(value));
        }
    }

    static final class HttpUrl implements ITypeConverter<URI> {
        @Override
        public URI convert(String value) {
            try {
                var url = URI.create(value);
                var scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
                if ((scheme.equals("http") || scheme.equals("https")) && url.getHost() != null) return url;
            } catch (IllegalArgumentException _) {
                // falls through to the message below
            }
            throw new TypeConversionException("%s (expected: an http or https URL)".formatted(value));
        }
    }
}
