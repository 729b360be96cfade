package dev.nearside.deploy.demo;

import dev.nearside.deploy.demo.Child.Program;
import dev.nearside.deploy.tether.Tethered;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How each process of a demo is started: its packages, its JVM arguments, its options.
record Programs(Path home, State state, Ports ports, String cacheMemory, String cacheDisk) {

    static final String EDGE_1 = "edge-1";
    static final String EDGE_2 = "edge-2";
    static final List<String> EDGES = List.of(EDGE_1, EDGE_2);

    Program site() {
        return program("site", "site", "deploy", "dev.nearside.deploy.site.SiteMain", "--listen", at(ports.site()));
    }

    Program traffic() {
        return program(
                "traffic",
                "traffic",
                "deploy",
                "dev.nearside.deploy.traffic.TrafficMain",
                "--edge",
                at(ports.edge1()),
                "--edge",
                at(ports.edge2()));
    }

    Program controlPlane() {
        return program(
                "control-plane",
                "control-plane",
                "control-plane",
                "dev.nearside.control.ControlPlaneMain",
                "--data",
                state.controlPlane().toString(),
                "--listen",
                at(ports.controlPlane()));
    }

    Program console() {
        return program(
                "console",
                "console",
                "admin-ui",
                "dev.nearside.admin.ConsoleMain",
                "--control-plane",
                "http://" + at(ports.controlPlane()),
                "--listen",
                at(ports.console()));
    }

    Program edge1() {
        return edge(EDGE_1, ports.edge1(), ports.edge1Management());
    }

    Program edge2() {
        return edge(EDGE_2, ports.edge2(), ports.edge2Management());
    }

    private Program edge(String name, int port, int management) {
        return program(
                name,
                "edge",
                "edge-node",
                "dev.nearside.edge.EdgeMain",
                "--control-plane",
                "http://" + at(ports.controlPlane()),
                "--enrolment-token-file",
                state.enrolmentToken(name).toString(),
                "--name",
                name,
                "--listen",
                at(port),
                "--metrics",
                at(management),
                "--data",
                state.edge(name).toString(),
                "--cache-memory",
                cacheMemory,
                "--cache-disk",
                cacheDisk,
                "--allow-origins",
                "loopback");
    }

    /// Packages that a build has not made yet.
    List<Path> missing() {
        return Stream.of("control-plane", "edge-node", "admin-ui", "deploy")
                .map(module -> jar(module))
                .filter(jar -> !Files.exists(jar))
                .toList();
    }

    private Path jar(String module) {
        return target(module).resolve(module + ".jar");
    }

    private Path target(String module) {
        return home.resolve(module).resolve("target");
    }

    /// The tether comes last on the class path: everything of the child's own goes before ours.
    private Program program(String name, String arguments, String module, String main, String... options) {
        var classPath = new ArrayList<Path>();
        classPath.add(jar(module));
        classPath.addAll(libraries(module));
        classPath.add(jar("deploy"));
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + home.resolve("deploy/jvm.args"));
        command.add("@" + home.resolve("deploy/jvm").resolve(arguments + ".args"));
        command.addAll(remembered(module));
        command.add(Tethered.class.getName());
        command.add(main);
        command.addAll(List.of(options));
        return new Program(
                name, command, classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    }

    /// In the order in which the launcher names them: what a JVM has noted is bound to it.
    private List<Path> libraries(String module) {
        try (var entries = Files.list(target(module).resolve("lib"))) {
            return entries.filter(entry -> entry.toString().endsWith(".jar"))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the libraries of " + module + " cannot be listed", e);
        }
    }

    /// What a JVM of this build has noted of a start of this module, if the launcher has had it rehearsed.
    private List<String> remembered(String module) {
        var notes = target(module).resolve("%s-%s.aot".formatted(module, System.getProperty("java.runtime.version")));
        try {
            if (!Files.exists(notes) || Files.size(notes) == 0) return List.of();
        } catch (IOException _) {
            return List.of(); // it is being made anew
        }
        return List.of("-XX:AOTCache=" + notes, "-Xlog:aot=off", "-Xlog:cds=off", "-Xlog:class+path=off");
    }

    private static String at(int port) {
        return Ports.HOST + ':' + port;
    }
}
