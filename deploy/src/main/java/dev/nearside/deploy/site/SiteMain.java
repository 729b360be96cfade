package dev.nearside.deploy.site;

import dev.nearside.command.CommandLines;
import dev.nearside.deploy.HostAndPort;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs the sample web site alone.
@Command(
        name = "site",
        mixinStandardHelpOptions = true,
        description = "The sample web site: an origin to try Nearside with.")
public final class SiteMain implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(SiteMain.class);

    private final CountDownLatch stopped = new CountDownLatch(1);

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8060",
            converter = HostAndPort.Converter.class,
            description = "where to listen (default: ${DEFAULT-VALUE}); port 0 takes any free one")
    private HostAndPort listen = new HostAndPort("127.0.0.1", 8060);

    private SiteMain() {}

    public static void main(String[] args) {
        System.exit(CommandLines.of(new SiteMain()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        try (var site = Site.start(listen.socketAddress())) {
            LOG.info("sample site ready on http://{}:{}/", listen.host(), site.port());
            Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown, "stop"));
            stopped.await();
            return 0;
        } catch (RuntimeException e) {
            LOG.error("--listen: {} (expected: an address of this machine with a free port): {}", listen, reason(e));
            return 1;
        }
    }

    private static String reason(Throwable failure) {
        var deepest = failure;
        while (deepest.getCause() != null) deepest = deepest.getCause();
        return String.valueOf(deepest.getMessage());
    }
}
