package dev.nearside.deploy.demo;

import dev.nearside.command.CommandLines;
import dev.nearside.command.Size;
import dev.nearside.deploy.demo.Probe.NeverReadyException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `nearside demo`: checks that everything can run, and then runs it.
@Command(
        name = "nearside demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs a whole CDN on this machine: a control plane, two edges, the console, a sample web site as origin,",
            "and a gentle traffic generator. All listen on 127.0.0.1. Ctrl-C stops everything.",
            ""
        })
public final class DemoMain implements Callable<Integer> {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".nearside",
            description = "where all state lives (default: ./${DEFAULT-VALUE}); delete it to start anew")
    private Path data = Path.of(".nearside");

    @Option(names = "--no-traffic", description = "leave the traffic generator out")
    private boolean noTraffic;

    @Option(
            names = "--cache-memory",
            paramLabel = "SIZE",
            defaultValue = "64MB",
            description = "memory for each edge's cache (default: ${DEFAULT-VALUE})")
    private String cacheMemory = "";

    @Option(
            names = "--cache-disk",
            paramLabel = "SIZE",
            defaultValue = "512MB",
            description = "disk for each edge's cache (default: ${DEFAULT-VALUE})")
    private String cacheDisk = "";

    @Option(
            names = "--port-site",
            paramLabel = "N",
            defaultValue = "8060",
            description = "sample web site (default: ${DEFAULT-VALUE}; 0 takes any free port)")
    private int sitePort;

    @Option(
            names = "--port-control-plane",
            paramLabel = "N",
            defaultValue = "8070",
            description = "control plane (default: ${DEFAULT-VALUE})")
    private int controlPlanePort;

    @Option(
            names = "--port-edge-1",
            paramLabel = "N",
            defaultValue = "8081",
            description = "edge-1 (default: ${DEFAULT-VALUE})")
    private int edge1Port;

    @Option(
            names = "--port-edge-1-management",
            paramLabel = "N",
            defaultValue = "9081",
            description = "edge-1's management port (default: ${DEFAULT-VALUE})")
    private int edge1ManagementPort;

    @Option(
            names = "--port-edge-2",
            paramLabel = "N",
            defaultValue = "8082",
            description = "edge-2 (default: ${DEFAULT-VALUE})")
    private int edge2Port;

    @Option(
            names = "--port-edge-2-management",
            paramLabel = "N",
            defaultValue = "9082",
            description = "edge-2's management port (default: ${DEFAULT-VALUE})")
    private int edge2ManagementPort;

    @Option(
            names = "--port-console",
            paramLabel = "N",
            defaultValue = "8090",
            description = "console (default: ${DEFAULT-VALUE})")
    private int consolePort;

    @Option(names = "--home", hidden = true, required = true, description = "where Nearside is; the launcher sets it")
    private @Nullable Path home;

    @Spec
    private @Nullable CommandSpec spec;

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

    private DemoMain() {}

    public static void main(String[] args) {
        System.exit(CommandLines.of(new DemoMain()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (home == null) throw new IllegalStateException("picocli asks for --home");
        size("--cache-memory", cacheMemory);
        long onDisk = size("--cache-disk", cacheDisk);
        var state = new State(data.toAbsolutePath().normalize());
        var wanted = new Ports(
                sitePort,
                controlPlanePort,
                edge1Port,
                edge1ManagementPort,
                edge2Port,
                edge2ManagementPort,
                consolePort);

        var directoryProblems = state.problems(onDisk, Programs.EDGES);
        if (!directoryProblems.isEmpty()) return refuse(directoryProblems, 1);
        var lock = state.lock();
        if (lock.isEmpty()) {
            return refuse(
                    List.of(
                            "--data: another demo runs on %s (expected: stop that one, or give this one a directory of its own)"
                                    .formatted(state.directory())),
                    1);
        }
        try (var _ = lock.get()) {
            var ports = wanted.resolved();
            var portProblems = ports.problems();
            if (!portProblems.isEmpty()) return refuse(portProblems, 1);
            var programs = new Programs(home, state, ports, cacheMemory, cacheDisk);
            var missing = programs.missing();
            if (!missing.isEmpty())
                return refuse(List.of("not built yet: %s (run: nearside build)".formatted(missing)), 1);
            return run(programs);
        }
    }

    private int run(Programs programs) throws InterruptedException {
        var narrator = new Narrator(out);
        try (var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build()) {
            var demo = new Demo(programs, !noTraffic, narrator, http);
            var over = new CountDownLatch(1);
            var main = Thread.currentThread();
            var hook = new Thread(
                    () -> {
                        try {
                            narrator.say("stopping");
                            demo.stop();
                            main.interrupt();
                            narrator.say("stopped");
                        } catch (InterruptedException _) {
                            Thread.currentThread().interrupt();
                        } finally {
                            over.countDown();
                        }
                    },
                    "stop");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                demo.run();
            } catch (NeverReadyException | IOException e) {
                err.println(e.getMessage());
                return 1; // the hook stops what runs
            }
            over.await();
            return 0;
        } catch (InterruptedException _) {
            return 0; // the hook is at work
        }
    }

    private int refuse(List<String> problems, int code) {
        for (var problem : problems) err.println("nearside demo: " + problem);
        return code;
    }

    private long size(String option, String said) {
        return Size.parse(said)
                .orElseThrow(() -> new ParameterException(
                        command(), "%s: %s (expected: %s)".formatted(option, said, Size.EXPECTED)));
    }

    private CommandLine command() {
        if (spec == null) throw new IllegalStateException("picocli has not been here");
        return spec.commandLine();
    }
}
