package dev.nearside.edge;

import com.sun.management.OperatingSystemMXBean;
import dev.nearside.edge.accept.Certificates;
import dev.nearside.edge.origin.OriginTrust;
import dev.nearside.edge.store.StoreSettings;
import dev.nearside.edge.sync.ConfigurationFile;
import dev.nearside.edge.sync.Identity;
import dev.nearside.edge.viewer.ViewerFacts;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a start would find and refuse. Looks at everything that the options name, and leaves nothing behind.
final class DryRun {

    private final EdgeSettings settings;
    private final List<String> lines = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private interface Look {
        void look() throws IOException;
    }

    private DryRun(EdgeSettings settings) {
        this.settings = settings;
    }

    static DryRun of(EdgeSettings settings) {
        var run = new DryRun(settings);
        var looks = List.<Look>of(
                run::source, run::data, run::originAuthorities, run::addresses, run::certificates, run::cache);
        for (var each : looks) {
            try {
                each.look();
            } catch (IOException e) {
                run.problems.add(String.valueOf(e.getMessage()));
            }
        }
        run.memory();
        return run;
    }

    /// What follows from the options, a line each.
    List<String> lines() {
        return lines;
    }

    /// What a start accepts, but an operator may not have meant.
    List<String> warnings() {
        return warnings;
    }

    /// What a start refuses.
    List<String> problems() {
        return problems;
    }

    /// Says all of it, what would be refused on the second stream.
    ///
    /// @return the exit status
    int tell(PrintWriter out, PrintWriter err) {
        lines.forEach(out::println);
        warnings.forEach(warning -> out.println("Warning: " + warning));
        if (problems.isEmpty()) out.println("An edge would start with these options.");
        out.flush();
        problems.forEach(err::println);
        if (!problems.isEmpty()) err.println("An edge would not start with these options.");
        err.flush();
        return problems.isEmpty() ? 0 : 1;
    }

    private void source() throws IOException {
        switch (settings.source()) {
            case EdgeSettings.Source.Alone(var file, var _) -> {
                var snapshot = Edge.load(new ConfigurationFile(file), file);
                int number = snapshot.distributions().size();
                lines.add("Configuration: %d %s in %s"
                        .formatted(number, number == 1 ? "distribution" : "distributions", file));
                if (Edge.servesNothing(snapshot)) warnings.add(Edge.NOTHING_TO_SERVE);
            }
            case EdgeSettings.Source.Following following ->
                Edge.checkWayIn(following, new Identity(settings.data().resolve("identity.json")));
        }
    }

    /// Two edges cannot have one directory; but whoever tries options for the one that runs there wants to know them.
    private void data() throws IOException {
        var data = settings.data();
        @Nullable Path near = data.toAbsolutePath();
        while (near != null && !Files.exists(near)) near = near.getParent();
        if (near != null && Files.getFileStore(near).isReadOnly()) {
            warnings.add("--data: %s is on a disk that takes no changes; nothing is kept but what fits into memory"
                    .formatted(data));
        } else if (near == null || !Files.isDirectory(near) || !Files.isWritable(near)) {
            throw new IOException("--data: %s (expected: a directory that can be written to)".formatted(data));
        }
        if (isInUse(data.resolve("lock"))) {
            warnings.add("--data: %s is in use by another process, which has to stop first; ports were not looked at"
                    .formatted(data));
        } else {
            problems.addAll(Ports.problems(settings));
        }
    }

    private static boolean isInUse(Path lock) throws IOException {
        if (!Files.exists(lock)) return false;
        try (var channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException _) {
            return true;
        }
    }

    private void originAuthorities() throws IOException {
        var _ = OriginTrust.of(settings.origins().authorities());
    }

    private void addresses() throws IOException {
        var geography = settings.viewers().geography();
        if (geography.places().isEmpty() && geography.networks().isEmpty()) return;
        var scratch = Files.createTempDirectory("nearside");
        try (var _ = ViewerFacts.open(geography.places(), geography.networks(), scratch)) {
            // They are what they should be.
        } finally {
            Files.delete(scratch);
        }
    }

    private void certificates() throws IOException {
        if (settings.viewers().secure().isEmpty()) return;
        var vertx = Vertx.vertx();
        try {
            var _ = Certificates.open(vertx, settings.viewers().secure().get().certificates());
        } finally {
            Edge.await("the transport", vertx.close());
        }
    }

    private void cache() throws IOException {
        StoreSettings store = settings.store();
        var plan = store.plan();
        lines.addAll(store.lines(plan));
        plan.shortage().ifPresent(warnings::add);
        plan.refusal().ifPresent(problems::add);
    }

    /// More than the machine has is no reason to refuse a start: not all of it is used at once, and there may be swap.
    private void memory() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine)) return;
        long heap = Runtime.getRuntime().maxMemory();
        long direct = PlatformDependent.maxDirectMemory();
        long there = machine.getTotalMemorySize();
        if (heap + direct <= there) return;
        warnings.add(
                "--cache-memory: with it the process may take %d MB (heap %d MB, buffers %d MB); this machine has %d MB"
                        .formatted((heap + direct) >> 20, heap >> 20, direct >> 20, there >> 20));
    }
}
