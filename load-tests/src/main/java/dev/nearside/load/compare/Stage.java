package dev.nearside.load.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where it all happens: a temporary folder, free ports, the origin and the peers. Closing it ends what it started.
final class Stage implements AutoCloseable {

    private static final Duration TO_START = Duration.ofSeconds(60);
    private static final Duration TO_STOP = Duration.ofSeconds(15);
    private static final int LOG_LINES = 20;

    private final Path home;
    private final Path work;
    private final boolean root;
    private final List<Process> started = new ArrayList<>();
    private boolean closed;

    private Stage(Path home, Path work, boolean root) {
        this.home = home;
        this.work = work;
        this.root = root;
    }

    /// @param home the repository
    static Stage open(Path home) throws IOException, InterruptedException {
        var work = Files.createTempDirectory("nearside-compare");
        var stage = new Stage(home, work, "root".equals(System.getProperty("user.name")));
        try {
            // As root, some peers become somebody else, who must be able to get at their files.
            Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
            stage.makeCertificate();
            return stage;
        } catch (IOException | InterruptedException | RuntimeException e) {
            stage.close();
            throw e;
        }
    }

    Path work() {
        return work;
    }

    Path home() {
        return home;
    }

    Path certificate() {
        return work.resolve("certificate.pem");
    }

    Origin startOrigin() throws IOException, InterruptedException {
        var port = freePort();
        var process = start(
                "site",
                javaCommand(
                        "site",
                        List.of("deploy/target/deploy.jar"),
                        "deploy/target/lib",
                        "dev.nearside.deploy.site.SiteMain",
                        "--listen",
                        "127.0.0.1:" + port));
        await("site", process, port);
        return new Origin(port);
    }

    Server start(Peer peer, Origin origin) throws IOException, InterruptedException {
        Files.createDirectories(folder(peer));
        var ports = new Ports(freePort(), freePort(), origin.port());
        var processes = switch (peer) {
            case NGINX -> List.of(nginx(ports));
            case VARNISH -> varnish(ports);
            case TRAFFIC_SERVER -> List.of(trafficServer(ports));
            case NEARSIDE -> List.of(edge(ports));
            case BARE -> List.of(bare(ports));
        };
        for (var process : processes) await(peer.option(), process, ports.plain());
        await(peer.option(), processes.getLast(), ports.secure());
        return new Server(
                peer,
                version(peer),
                processes.stream().map(Process::toHandle).toList(),
                ports.plain(),
                ports.secure(),
                hit(peer));
    }

    private record Ports(int plain, int secure, int origin) {}

    private Process nginx(Ports ports) throws IOException, InterruptedException {
        var folder = folder(Peer.NGINX);
        var configuration = fill(Peer.NGINX, "nginx.conf", folder.resolve("nginx.conf"), ports);
        return start("nginx", List.of(find("nginx"), "-p", folder.toString(), "-c", configuration.toString()));
    }

    private List<Process> varnish(Ports ports) throws IOException, InterruptedException {
        var folder = folder(Peer.VARNISH);
        var vcl = fill(Peer.VARNISH, "varnish.vcl", folder.resolve("varnish.vcl"), ports);
        var command = new ArrayList<>(List.of(find("varnishd"), "-F", "-T", "none"));
        command.addAll(List.of("-n", folder.resolve("state").toString(), "-f", vcl.toString()));
        command.addAll(List.of("-a", "127.0.0.1:" + ports.plain()));
        command.addAll(List.of("-a", folder.resolve("varnish.sock") + ",PROXY,mode=666"));
        command.addAll(options(Peer.VARNISH, "varnish.options", ports));
        var varnish = start("varnish", command);
        await("varnish", varnish, ports.plain());
        var hitch = fill(Peer.VARNISH, "hitch.conf", folder.resolve("hitch.conf"), ports);
        return List.of(varnish, start("varnish", List.of(find("hitch"), "--config=" + hitch)));
    }

    private Process trafficServer(Ports ports) throws IOException, InterruptedException {
        var folder = folder(Peer.TRAFFIC_SERVER);
        for (var name : List.of("etc", "run", "log", "cache")) Files.createDirectories(folder.resolve(name));
        var etc = folder.resolve("etc");
        try (var files = Files.list(configurations().resolve("trafficserver"))) {
            for (var file : files.toList()) {
                fill(
                        Peer.TRAFFIC_SERVER,
                        "trafficserver/" + file.getFileName(),
                        etc.resolve(file.getFileName()),
                        ports);
            }
        }
        return start("traffic-server", List.of(find("traffic_server"), "--run-root=" + etc.resolve("runroot.yaml")));
    }

    /// Through the launcher, as an operator starts it: it gives the JVM the memory that the cache needs.
    private Process edge(Ports ports) throws IOException, InterruptedException {
        var folder = folder(Peer.NEARSIDE);
        var configuration = fill(Peer.NEARSIDE, "edge.json", folder.resolve("edge.json"), ports);
        var command = new ArrayList<>(List.of(home.resolve("nearside").toString(), "edge"));
        command.addAll(List.of(
                "--config",
                configuration.toString(),
                "--data",
                folder.resolve("data").toString()));
        command.addAll(List.of("--listen", "127.0.0.1:" + ports.plain()));
        command.addAll(List.of("--listen-tls", "127.0.0.1:" + ports.secure()));
        command.addAll(List.of("--certificate", certificate() + ":" + key()));
        command.addAll(options(Peer.NEARSIDE, "edge.options", ports));
        return start("nearside", command);
    }

    private Process bare(Ports ports) throws IOException, InterruptedException {
        return start(
                "bare",
                javaCommand(
                        "edge",
                        List.of("load-tests/target/load-tests.jar", "edge-node/target/edge-node.jar"),
                        "edge-node/target/lib",
                        "dev.nearside.load.bare.BareMain",
                        Integer.toString(ports.plain()),
                        Integer.toString(ports.secure()),
                        certificate().toString(),
                        key().toString()));
    }

    private static Predicate<HttpHeaders> hit(Peer peer) {
        return switch (peer) {
            case NGINX, VARNISH ->
                fields -> fields.firstValue("X-Cache").orElse("").equals("HIT");
            // The cache's letter in Via: R is "in cache, fresh, from memory", H would be from its disk.
            case TRAFFIC_SERVER -> fields -> fields.firstValue("Via").orElse("").contains("cR");
            case NEARSIDE -> fields -> fields.firstValue("X-Cache").orElse("").startsWith("Hit ");
            case BARE -> _ -> true;
        };
    }

    private String version(Peer peer) throws IOException, InterruptedException {
        return switch (peer) {
            case NGINX, TRAFFIC_SERVER -> packageVersion(peer.debianPackage().orElseThrow());
            case VARNISH -> packageVersion("varnish") + ", hitch " + packageVersion("hitch");
            case NEARSIDE -> output("git", "-C", home.toString(), "describe", "--always", "--dirty", "--abbrev=10");
            case BARE -> bareVersion();
        };
    }

    /// The stack's parts, from the names of its jars.
    private String bareVersion() throws IOException {
        try (var jars = Files.list(home.resolve("edge-node/target/lib"))) {
            return jars.map(jar -> jar.getFileName().toString())
                    .filter(name -> name.matches("(vertx-core|netty-buffer)-[0-9].*\\.jar"))
                    .sorted(Comparator.reverseOrder())
                    .map(name -> name.replace("netty-buffer-", "Netty ")
                            .replace("vertx-core-", "Vert.x ")
                            .replace(".jar", ""))
                    .reduce((one, other) -> one + ", " + other)
                    .orElse("unknown");
        }
    }

    /// The load generators', as Debian calls them.
    static String generators() throws IOException, InterruptedException {
        return "wrk %s, h2load %s".formatted(packageVersion("wrk"), packageVersion("nghttp2-client"));
    }

    private static String packageVersion(String name) throws IOException, InterruptedException {
        return output("dpkg-query", "-W", "-f=${Version}", name);
    }

    /// What a program prints, or `unknown`: it is for the table's foot.
    private static String output(String... command) throws IOException, InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 && !said.isEmpty() ? said : "unknown";
        } catch (IOException _) {
            return "unknown";
        }
    }

    private void makeCertificate() throws IOException, InterruptedException {
        var log = work.resolve("openssl.log");
        // hitch 1.7 cannot do without a name of the DNS.
        var made = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:prime256v1",
                        "-nodes",
                        "-days",
                        "30",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=IP:127.0.0.1,DNS:localhost",
                        "-keyout",
                        key().toString(),
                        "-out",
                        certificate().toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (made.waitFor() != 0) throw new IOException("openssl made no certificate:\n" + Files.readString(log));
        Files.writeString(work.resolve("both.pem"), Files.readString(certificate()) + Files.readString(key()));
    }

    private Path key() {
        return work.resolve("key.pem");
    }

    private Path folder(Peer peer) {
        return work.resolve(peer.option());
    }

    Path configurations() {
        return home.resolve("load-tests/compare");
    }

    /// Copies a configuration into place, with its `${…}` filled in.
    private Path fill(Peer peer, String name, Path target, Ports ports) throws IOException {
        var text = Files.readString(configurations().resolve(name));
        for (var known : known(peer, ports).entrySet()) {
            text = text.replace("${" + known.getKey() + "}", known.getValue());
        }
        return Files.writeString(target, text);
    }

    private List<String> options(Peer peer, String name, Ports ports) throws IOException {
        return Files.readAllLines(fill(peer, name, folder(peer).resolve(name), ports)).stream()
                .filter(line -> !line.startsWith("#"))
                .flatMap(line -> Stream.of(line.split(" ", -1)))
                .toList();
    }

    private Map<String, String> known(Peer peer, Ports ports) {
        var known = new LinkedHashMap<String, String>();
        known.put("work", folder(peer).toString());
        known.put("workers", Integer.toString(workers()));
        known.put("port", Integer.toString(ports.plain()));
        known.put("tls-port", Integer.toString(ports.secure()));
        known.put("origin-port", Integer.toString(ports.origin()));
        known.put("certificate", certificate().toString());
        known.put("key", key().toString());
        known.put("both", work.resolve("both.pem").toString());
        // As root, nginx would become somebody who may not enter the folder, and hitch refuses to stay root.
        known.put("nginx-user", root ? "user root;" : "");
        known.put("hitch-user", root ? "user = \"_hitch\"" : "");
        return known;
    }

    /// For each peer as many workers as the machine has cores.
    static int workers() {
        return Runtime.getRuntime().availableProcessors();
    }

    private List<String> javaCommand(
            String arguments, List<String> jars, String libraries, String main, String... options) {
        var classPath = Stream.concat(jars.stream(), Stream.of(libraries + "/*"))
                .map(home::resolve)
                .map(Path::toString)
                .collect(Collectors.joining(":"));
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + home.resolve("deploy/jvm.args"),
                "@" + home.resolve("deploy/jvm/" + arguments + ".args"),
                "-cp",
                classPath,
                main));
        command.addAll(Arrays.asList(options));
        return command;
    }

    /// A program on the path, or where Debian keeps servers.
    private static String find(String program) throws IOException {
        for (var folder : (System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/bin").split(":", -1)) {
            var file = Path.of(folder, program);
            if (Files.isExecutable(file)) return file.toString();
        }
        throw new IOException(program + " is missing; ./nearside compare says how to install it");
    }

    private Process start(String name, List<String> command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
        builder.environment().put("NEARSIDE_BUILD", "never");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return begin(builder);
    }

    /// Starts a process that ends with this stage, at the latest.
    ///
    /// @throws InterruptedException if the stage is closed already
    Process begin(ProcessBuilder builder) throws IOException, InterruptedException {
        synchronized (started) {
            if (closed) throw new InterruptedException("stopped");
            var process = builder.start();
            started.add(process);
            return process;
        }
    }

    /// Ends one of them at once, if it has not come to its end.
    void end(Process process) {
        process.destroyForcibly();
        synchronized (started) {
            started.remove(process);
        }
    }

    private Path log(String name) {
        return work.resolve(name + ".log");
    }

    private void await(String name, Process process, int port) throws IOException, InterruptedException {
        var end = System.nanoTime() + TO_START.toNanos();
        while (System.nanoTime() < end) {
            if (!process.isAlive()) throw silent(name, "ended");
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException _) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        throw silent(name, "does not listen on port " + port);
    }

    private IOException silent(String name, String what) throws IOException {
        var lines = Files.readAllLines(log(name));
        var last = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
        return new IOException("%s %s; its log:%n%s".formatted(name, what, String.join("\n", last)));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Ends every process by its id, and those that it started; then nothing is left of the folder.
    @Override
    public void close() throws IOException {
        synchronized (started) {
            if (closed) return;
            closed = true;
            var family = started.stream()
                    .flatMap(process -> Stream.concat(Stream.of(process.toHandle()), process.descendants()))
                    .toList();
            for (var process : started) process.destroy();
            var end = System.nanoTime() + TO_STOP.toNanos();
            for (var process : family) {
                try {
                    process.onExit().get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (ExecutionException | TimeoutException _) {
                    process.destroyForcibly();
                } catch (InterruptedException _) {
                    process.destroyForcibly();
                    Thread.currentThread().interrupt();
                }
            }
        }
        try (var files = Files.walk(work)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
