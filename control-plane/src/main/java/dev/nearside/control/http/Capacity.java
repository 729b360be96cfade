package dev.nearside.control.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// How much a server takes on at a time, so that nobody can have it take on more than it bears.
///
/// @param connections the most that are open at a time; further ones wait in the system's queue
/// @param bodies of the requests of one kind of caller, in bytes
record Capacity(int connections, long bodies) {
    /// Two for each of a few thousand edges.
    private static final int MOST_CONNECTIONS = 8_192;

    private static final int FEWEST_CONNECTIONS = 64;

    /// For the database, its backups, and whatever else is opened.
    private static final int FILES_LEFT = 256;

    /// What the beginning of a request takes, in bytes; about half of the memory if all connections have one.
    private static final int MEMORY_PER_CONNECTION = 64 << 10;

    /// Of the largest bodies there is room for two, and for more where there is more memory.
    private static final long LEAST_FOR_BODIES = 16 << 20;

    private static final int SHARE_OF_MEMORY = 16;

    /// What this process bears. The web server stops listening for good if it cannot take a connection for want of a
    /// file; so there are always fewer connections than files.
    static Capacity ofThisProcess() {
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : FILES_LEFT;
        long memory = Runtime.getRuntime().maxMemory();
        long places = Math.min(files - FILES_LEFT, memory / MEMORY_PER_CONNECTION);
        return new Capacity(
                Math.clamp(places, FEWEST_CONNECTIONS, MOST_CONNECTIONS),
                Math.max(memory / SHARE_OF_MEMORY, LEAST_FOR_BODIES));
    }
}
