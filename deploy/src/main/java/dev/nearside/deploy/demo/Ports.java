package dev.nearside.deploy.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// The ports of one demo. All are on the loopback address.
record Ports(int site, int controlPlane, int edge1, int edge1Management, int edge2, int edge2Management, int console) {

    static final String HOST = "127.0.0.1";

    /// One port, and how an operator chooses another.
    record Named(String option, String user, int port) {}

    List<Named> named() {
        return List.of(
                new Named("--port-site", "the sample site", site),
                new Named("--port-control-plane", "the control plane", controlPlane),
                new Named("--port-edge-1", "edge-1", edge1),
                new Named("--port-edge-1-management", "edge-1's management port", edge1Management),
                new Named("--port-edge-2", "edge-2", edge2),
                new Named("--port-edge-2-management", "edge-2's management port", edge2Management),
                new Named("--port-console", "the console", console));
    }

    /// The same ports, with a free one wherever 0 was asked for.
    Ports resolved() {
        try (var free = new FreePorts()) {
            return new Ports(
                    free.orElse(site),
                    free.orElse(controlPlane),
                    free.orElse(edge1),
                    free.orElse(edge1Management),
                    free.orElse(edge2),
                    free.orElse(edge2Management),
                    free.orElse(console));
        }
    }

    /// Every reason why these ports cannot be used.
    List<String> problems() {
        var problems = new ArrayList<String>();
        var seen = new HashSet<Integer>();
        for (var named : named()) {
            if (named.port() < 1 || named.port() > 65_535) {
                problems.add("%s: %d (expected: 1 to 65535, or 0 for any free port)"
                        .formatted(named.option(), named.port()));
            } else if (!seen.add(named.port())) {
                problems.add("%s: port %d is asked for twice (expected: a port of its own for %s)"
                        .formatted(named.option(), named.port(), named.user()));
            } else if (isTaken(named.port())) {
                problems.add(
                        "port %d is taken, %s needs it: end the program that listens there, or choose another port with %s N"
                                .formatted(named.port(), named.user(), named.option()));
            }
        }
        return problems;
    }

    static boolean isTaken(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    /// Finds free ports, and keeps each one open until all are found, so that no two are the same.
    private static final class FreePorts implements AutoCloseable {

        private final List<ServerSocket> held = new ArrayList<>();

        int orElse(int wanted) {
            if (wanted != 0) return wanted;
            try {
                var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(socket);
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                for (var socket : held) socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
