package dev.nearside.admin;

import dev.nearside.admin.control.MemoryControlPlane;
import java.time.InstantSource;

/// Starts the real console over a control plane in memory, to look at it without anything else running.
final class TryConsole {

    private TryConsole() {}

    public static void main(String[] arguments) throws Exception {
        var services = new Services(new MemoryControlPlane(InstantSource.system()), InstantSource.system());
        new ConsoleServer("127.0.0.1", Integer.parseInt(arguments[0]), services).start();
    }
}
