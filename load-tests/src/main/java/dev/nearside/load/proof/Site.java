package dev.nearside.load.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where an edge of a proof keeps its data, what its sizes are and where it answers.
record Site(Path home, Path folder, Path data, String memory, String disk, int port, int management) {

    static Site in(Path home, Path folder, Path data, String memory, String disk) throws IOException {
        return new Site(home, folder, data, memory, disk, Program.freePort(), Program.freePort());
    }

    static String document(int origin) {
        return """
                { "distributions": [ {
                    "name": "proof", "enabled": true, "aliases": ["127.0.0.1"],
                    "cacheTagConfig": { "headerName": "X-Tags" },
                    "origins": [ {
                        "id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only" } ],
                    "defaultCacheBehavior": {
                        "targetOriginId": "site", "viewerProtocolPolicy": "allow-all",
                        "cachePolicyId": "UseOriginCacheControlHeaders" }
                } ] }
                """.formatted(origin);
    }

    /// Starts an edge that runs alone.
    Program startAlone(int origin, String... more) throws IOException {
        var config = Files.writeString(folder.resolve("nearside.json"), document(origin));
        return start("", List.of(more), "--config=" + config);
    }

    /// Starts an edge that follows a control plane.
    Program start(ControlPlane control, String javaOptions) throws IOException {
        return start(control, ControlPlane.EDGE, javaOptions);
    }

    /// Starts one of several edges that follow it.
    Program start(ControlPlane control, String name, String javaOptions) throws IOException {
        return start(
                javaOptions,
                List.of(),
                "--control-plane=" + control.uri(),
                "--name=" + name,
                "--enrolment-token-file=" + control.enrolment(name));
    }

    private Program start(String javaOptions, List<String> more, String... source) throws IOException {
        var command = new ArrayList<String>();
        command.add("edge");
        command.addAll(List.of(source));
        command.addAll(List.of(
                "--data=" + data,
                "--listen=127.0.0.1:" + port,
                "--metrics=127.0.0.1:" + management,
                "--cache-memory=" + memory,
                "--cache-disk=" + disk,
                "--allow-origins=loopback"));
        command.addAll(more);
        return Program.start(home, folder.resolve("edge.log"), management, command, javaOptions);
    }
}
