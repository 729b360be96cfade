package dev.nearside.edge;

import dev.nearside.command.CommandLines;
import dev.nearside.command.ControlPlaneAddress;
import dev.nearside.command.Size;
import dev.nearside.edge.accept.Certificates;
import dev.nearside.edge.accept.TrustedProxies;
import dev.nearside.edge.log.LogFormat;
import dev.nearside.edge.origin.OriginAddresses;
import dev.nearside.edge.store.StoreSettings;
import dev.nearside.edge.store.evict.Goal;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.LabelsReader;
import io.netty.util.internal.PlatformDependent;
import java.net.URI;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line of an edge node.
@Command(
        name = "nearside edge",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Answers viewers: from its cache, else from the origins.",
            "",
            "Alone, with --config, it serves one JSON document and reloads it when it changes.",
            "With --control-plane it follows the snapshots and invalidations published there.",
            ""
        })
public final class EdgeMain implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(EdgeMain.class);
    private static final long DIRECT_MEMORY_FOR_TRAFFIC = 128L << 20;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration document of a node that runs alone.")
    private @Nullable Path config;

    @Option(
            names = "--control-plane",
            paramLabel = "URL",
            split = ",",
            description = "Addresses of the control planes to follow, tried in turn.")
    private List<URI> controlPlanes = new ArrayList<>();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What this edge is called, in its fleet and in its log (default, with --config: edge).")
    private @Nullable String name;

    @Option(
            names = "--via",
            paramLabel = "NAME",
            description = "What viewers and origins read in Via (default: the name).")
    private @Nullable String via;

    @Option(
            names = "--enrolment-token-file",
            paramLabel = "FILE",
            description = "Holds the one-time token; needed for the first start only.")
    private @Nullable Path enrolmentTokenFile;

    @Option(
            names = "--label",
            paramLabel = "NAME=VALUE",
            description = {
                "What operators choose this edge by, like site=ams; may be repeated.",
                "Told with the enrolment; afterwards the control plane's API changes it."
            })
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(
            names = "--control-plane-ca",
            paramLabel = "FILE",
            description = {
                "PEM certificates of authorities that vouch for control planes",
                "(default: those that the Java runtime knows)."
            })
    private @Nullable Path controlPlaneAuthorities;

    @Option(
            names = "--client-certificate",
            paramLabel = "FILE",
            description = "PEM certificate that this edge shows to control planes; needs --client-key.")
    private @Nullable Path clientCertificate;

    @Option(names = "--client-key", paramLabel = "FILE", description = "PEM key of --client-certificate, in PKCS #8.")
    private @Nullable Path clientKey;

    @Option(
            names = "--allow-plain-http",
            description = {
                "Reaches control planes on other machines over http:// as well:",
                "the credential and all configuration can then be read, and changed, on the way."
            })
    private boolean allowPlainHttp;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8081",
            description = "Where viewers are answered (default: ${DEFAULT-VALUE}).")
    private String listen = "";

    @Option(
            names = "--listen-tls",
            paramLabel = "HOST:PORT",
            description = "Where viewers are answered over TLS, by HTTP/2 and HTTP/1.1 (default: nowhere).")
    private @Nullable String listenTls;

    @Option(
            names = "--certificate",
            paramLabel = "CERT.pem:KEY.pem",
            description = {
                "A certificate, with those it was signed with, and its key; may be repeated.",
                "A viewer is shown the one for the name it asks for, else the first;",
                "what the control plane has for a distribution comes before.",
                "The files are read again when they change."
            })
    private List<String> certificates = new ArrayList<>();

    @Option(
            names = "--header-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long the head of a request may take to arrive (default: ${DEFAULT-VALUE}).")
    private String headerTimeout = "";

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "30s",
            description =
                    "How long answers under way may take when the edge is told to stop (default: ${DEFAULT-VALUE}).")
    private String drain = "";

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            description = "Where /health/live, /health/ready, /metrics and /explain are served (default: nowhere).")
    private @Nullable String management;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            required = true,
            description = "Holds the cache, the last snapshot, the identity and the logs.")
    private Path data = Path.of("");

    @Option(
            names = "--cache-memory",
            paramLabel = "SIZE",
            defaultValue = "256MB",
            description = "Bodies kept in memory (default: ${DEFAULT-VALUE}).")
    private String cacheMemory = "";

    @Option(
            names = "--cache-disk",
            paramLabel = "SIZE",
            defaultValue = "1GB",
            description = "Bodies kept on disk (default: ${DEFAULT-VALUE}).")
    private String cacheDisk = "";

    @Option(
            names = "--cache-goal",
            paramLabel = "GOAL",
            defaultValue = "requests",
            description = {
                "What a full cache saves: requests to origins, or bytes from them (default: ${DEFAULT-VALUE}).",
                "requests prefers small objects, bytes takes no account of size."
            })
    private String cacheGoal = "";

    @Option(
            names = "--dry-run",
            description = {
                "Checks all that a start would, files, ports and disk among it, and leaves nothing behind.",
                "Says what would become of the cache; ends with status 1 if an edge would not start."
            })
    private boolean dryRun;

    @Option(
            names = "--allow-origins",
            paramLabel = "RANGE",
            split = ",",
            description = "Addresses that origins may have beyond the usual ones: loopback, link-local.")
    private List<String> allowOrigins = new ArrayList<>();

    @Option(
            names = "--origin-ca",
            paramLabel = "FILE",
            description = "PEM certificates of authorities that vouch for origins, beside the usual ones.")
    private @Nullable Path originAuthorities;

    @Option(
            names = "--trusted-proxies",
            paramLabel = "CIDR",
            split = ",",
            description = {
                "Addresses of proxies before this node, like 10.0.0.0/8.",
                "What they say in X-Forwarded-For and X-Forwarded-Proto is believed."
            })
    private List<String> trustedProxies = new ArrayList<>();

    @Option(
            names = "--access-log",
            paramLabel = "FORMAT",
            defaultValue = "w3c",
            description = "w3c, json or off (default: ${DEFAULT-VALUE}).")
    private String accessLog = "";

    @Option(
            names = "--geoip",
            paramLabel = "FILE",
            description =
                    "City or Country database in MaxMind's format: where viewers are; taken again when it changes.")
    private @Nullable Path geoip;

    @Option(
            names = "--geoip-asn",
            paramLabel = "FILE",
            description = "ASN database in MaxMind's format: whose network viewers come from.")
    private @Nullable Path geoipAsn;

    public static void main(String... args) {
        // The edge has a memory of its own for names (OriginAddresses); a second one would only make it late.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        int exit = commandLine(new EdgeMain()).execute(args);
        if (exit != 0) System.exit(exit);
    }

    static CommandLine commandLine(EdgeMain edge) {
        return CommandLines.of(edge).setExecutionExceptionHandler((failure, _, _) -> {
            LOG.error("The edge cannot start: {}", failure.getMessage());
            return 1;
        });
    }

    /// What a command line asks for.
    ///
    /// @throws ParameterException with a message for the operator
    static EdgeSettings settings(String... args) {
        var main = new EdgeMain();
        CommandLines.of(main).parseArgs(args);
        return main.settings();
    }

    @Override
    public Integer call() throws Exception {
        var settings = settings();
        if (dryRun && spec != null) {
            var commandLine = spec.commandLine();
            return DryRun.of(settings).tell(commandLine.getOut(), commandLine.getErr());
        }
        var edge = Edge.start(settings);
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            edge.close();
                            stopped.countDown();
                        },
                        "shutdown"));
        stopped.await();
        return 0;
    }

    /// Bodies in memory lie in direct memory, and so do those on their way.
    private long cacheMemory() {
        long bytes = size("--cache-memory", cacheMemory, StoreSettings.SMALLEST_MEMORY, Long.MAX_VALUE / 2);
        long direct = PlatformDependent.maxDirectMemory();
        if (bytes + DIRECT_MEMORY_FOR_TRAFFIC <= direct) return bytes;
        throw wrong("--cache-memory: %s (expected: at most %d MB, with the JVM's -XX:MaxDirectMemorySize of %d MB)"
                .formatted(cacheMemory, Math.max(0, direct - DIRECT_MEMORY_FOR_TRAFFIC) >> 20, direct >> 20));
    }

    private Goal goal() {
        return switch (cacheGoal) {
            case "requests" -> Goal.ORIGIN_REQUESTS;
            case "bytes" -> Goal.ORIGIN_BYTES;
            default -> throw wrong("--cache-goal: %s (expected: requests or bytes)".formatted(cacheGoal));
        };
    }

    EdgeSettings settings() {
        return new EdgeSettings(
                source(),
                data,
                Optional.ofNullable(via).map(this::pseudonym),
                viewers(),
                new EdgeSettings.Cache(
                        cacheMemory(),
                        size("--cache-disk", cacheDisk, StoreSettings.SMALLEST_DISK, StoreSettings.LARGEST_DISK),
                        goal()),
                new EdgeSettings.Origins(ranges(), Optional.ofNullable(originAuthorities)),
                new EdgeSettings.Operators(
                        Optional.ofNullable(management).map(said -> address("--metrics", said)), logFormat()));
    }

    private EdgeSettings.Source source() {
        if (config != null && controlPlanes.isEmpty()) {
            if (name != null && name.isBlank())
                throw wrong("--name: \"%s\" (expected: a name for this edge)".formatted(name));
            return new EdgeSettings.Source.Alone(config, name == null ? "edge" : name);
        }
        if (config == null && !controlPlanes.isEmpty()) {
            for (var address : controlPlanes) {
                ControlPlaneAddress.problem(address, allowPlainHttp).ifPresent(problem -> {
                    throw wrong("--control-plane: " + problem);
                });
            }
            if (name == null || name.isBlank()) throw wrong("--name: missing (expected: a name for this edge)");
            return new EdgeSettings.Source.Following(
                    controlPlanes, name, Optional.ofNullable(enrolmentTokenFile), labels(), credentials());
        }
        throw wrong("--config FILE or --control-plane URL is needed, and not both");
    }

    private Map<String, String> labels() {
        return switch (LabelsReader.read(labels)) {
            case Checked.Valid<Map<String, String>>(var usable) -> usable;
            case Checked.Invalid<Map<String, String>>(var problems) ->
                throw wrong("--label: " + problems.getFirst().message());
        };
    }

    private EdgeSettings.Credentials credentials() {
        if ((clientCertificate == null) != (clientKey == null))
            throw wrong("--client-certificate and --client-key are needed together");
        var own = clientCertificate == null || clientKey == null
                ? Optional.<Certificates.Pair>empty()
                : Optional.of(new Certificates.Pair(clientCertificate, clientKey));
        return new EdgeSettings.Credentials(Optional.ofNullable(controlPlaneAuthorities), own);
    }

    private EdgeSettings.Address address(String option, String said) {
        return EdgeSettings.Address.parse(said)
                .orElseThrow(
                        () -> wrong("%s: %s (expected: HOST:PORT, with a port up to 65535)".formatted(option, said)));
    }

    private EdgeSettings.Viewers viewers() {
        return new EdgeSettings.Viewers(
                address("--listen", listen),
                secure(),
                duration("--header-timeout", headerTimeout),
                duration("--drain", drain),
                trustedProxies(),
                new EdgeSettings.Geography(Optional.ofNullable(geoip), Optional.ofNullable(geoipAsn)));
    }

    private Optional<EdgeSettings.Secure> secure() {
        var said = listenTls;
        if (said == null && certificates.isEmpty()) return Optional.empty();
        if (said == null) throw wrong("--certificate: nobody is shown it without --listen-tls HOST:PORT");
        if (certificates.isEmpty() && controlPlanes.isEmpty()) {
            throw wrong("--listen-tls: needs at least one --certificate CERT.pem:KEY.pem, or a --control-plane");
        }
        var pairs = certificates.stream().map(this::pair).toList();
        return Optional.of(new EdgeSettings.Secure(address("--listen-tls", said), pairs, Duration.ofSeconds(10)));
    }

    private Certificates.Pair pair(String said) {
        int colon = said.lastIndexOf(':');
        if (colon <= 0 || colon == said.length() - 1) {
            throw wrong("--certificate: %s (expected: CERT.pem:KEY.pem)".formatted(said));
        }
        return new Certificates.Pair(Path.of(said.substring(0, colon)), Path.of(said.substring(colon + 1)));
    }

    private Duration duration(String option, String said) {
        if (said.matches("[1-9][0-9]{0,4}s"))
            return Duration.ofSeconds(Long.parseLong(said.substring(0, said.length() - 1)));
        if (said.matches("[1-9][0-9]{0,2}m"))
            return Duration.ofMinutes(Long.parseLong(said.substring(0, said.length() - 1)));
        throw wrong("%s: %s (expected: a time like 30s or 2m)".formatted(option, said));
    }

    private long size(String option, String said, long smallest, long largest) {
        long bytes = Size.parse(said)
                .orElseThrow(() -> wrong("%s: %s (expected: %s)".formatted(option, said, Size.EXPECTED)));
        if (bytes < smallest) throw wrong("%s: %s (expected: at least %d MB)".formatted(option, said, smallest >> 20));
        if (bytes > largest) throw wrong("%s: %s (expected: at most %d TB)".formatted(option, said, largest >> 40));
        return bytes;
    }

    private EnumSet<OriginAddresses.Range> ranges() {
        var ranges = EnumSet.noneOf(OriginAddresses.Range.class);
        for (var said : allowOrigins) {
            ranges.add(OriginAddresses.Range.parse(said)
                    .orElseThrow(
                            () -> wrong("--allow-origins: %s (expected: loopback or link-local)".formatted(said))));
        }
        return ranges;
    }

    private TrustedProxies trustedProxies() {
        var blocks = new ArrayList<TrustedProxies.Block>();
        for (var said : trustedProxies) {
            blocks.add(TrustedProxies.Block.parse(said)
                    .orElseThrow(() -> wrong(
                            "--trusted-proxies: %s (expected: a block of addresses like 10.0.0.0/8)".formatted(said))));
        }
        return new TrustedProxies(blocks);
    }

    private String pseudonym(String said) {
        if (said.matches("[A-Za-z0-9._-]{1,64}")) return said;
        throw wrong("--via: %s (expected: up to 64 letters, digits, dots, dashes and underscores)".formatted(said));
    }

    private Optional<LogFormat> logFormat() {
        return switch (accessLog) {
            case "w3c" -> Optional.of(LogFormat.W3C);
            case "json" -> Optional.of(LogFormat.JSON);
            case "off" -> Optional.empty();
            default -> throw wrong("--access-log: %s (expected: w3c, json or off)".formatted(accessLog));
        };
    }

    private ParameterException wrong(String message) {
        if (spec == null) throw new IllegalStateException("picocli has not injected the command");
        return new ParameterException(spec.commandLine(), message);
    }
}
